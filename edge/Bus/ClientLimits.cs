using WeCan.Hosting.Configuration;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus;

/// <summary>What an edge lets one client have, over all of its sessions; what is beyond is refused by name.</summary>
internal sealed record ClientLimits
{
    public static readonly ClientLimits Default = new();

    /// <summary>Subscriptions at a time; as many may be asked for at once, as after a move.</summary>
    public int Subscriptions { get; init; } = 20_000;

    /// <summary>Subscriptions that may be asked for in the long run.</summary>
    public int SubscriptionsPerSecond { get; init; } = 2_000;

    public int Sessions { get; init; } = 64;

    /// <summary>The longest payload of a message.</summary>
    public int PayloadBytes { get; init; } = FrameLimits.MaxPayload;

    public static ClientLimits Read(ConfigReader read) => new()
    {
        Subscriptions = Number(read, "subscriptions", Default.Subscriptions, 10_000_000, "subscriptions that a client may have"),
        SubscriptionsPerSecond = Number(read, "subscriptions_per_second", Default.SubscriptionsPerSecond, 1_000_000, "subscriptions that a client may ask for each second, once it has asked for as many as it may have"),
        Sessions = Number(read, "sessions", Default.Sessions, BusLimits.MaxSessions, "sessions of programs that a client may have, those among them whose connection was lost less than 30 s ago"),
        PayloadBytes = Size(read),
    };

    private static int Number(ConfigReader read, string key, int fallback, int most, string about)
    {
        var value = read.Value(key, ValueKinds.Integer, fallback, about, live: true);
        read.Require(value >= 1 && value <= most, key, $"is {value}: write a number from 1 to {most}");
        return (int)Math.Clamp(value, 1, most);
    }

    private static int Size(ConfigReader read)
    {
        var value = read.Value("payload", ValueKinds.Bytes, Default.PayloadBytes, "the longest payload of a message that a client may publish", live: true);
        read.Require(value >= 1 && value <= FrameLimits.MaxPayload, "payload", "is none that any edge takes: write a size up to 1MiB");
        return (int)Math.Clamp(value, 1, FrameLimits.MaxPayload);
    }
}
