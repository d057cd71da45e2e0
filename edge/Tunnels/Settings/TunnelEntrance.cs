using WeCan.Contracts;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Tunnels.Settings;

/// <summary>One tunnel as an operator writes it.</summary>
internal sealed record TunnelEntrance
{
    public const int DefaultPriority = 3;
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMilliseconds(200);

    public required TunnelListen Listen { get; init; }

    public required EdgeName Exit { get; init; }

    public required TunnelTarget Target { get; init; }

    /// <summary>Of TCP's flows.</summary>
    public required ServiceClass Class { get; init; }

    public required byte Priority { get; init; }

    /// <summary>Of UDP's datagrams.</summary>
    public required Duration Deadline { get; init; }

    public required int Paths { get; init; }

    public static TunnelEntrance Read(ConfigReader read)
    {
        var serviceClass = read.Optional("class", TunnelKinds.Class, "how TCP goes: \"bulk\" takes what others leave, \"signal\" goes before it; \"bulk\" unless given");
        var entrance = new TunnelEntrance
        {
            Listen = read.Required("listen", TunnelKinds.Listen, "the port of this machine where the tunnel begins"),
            Exit = read.Required("exit", TunnelKinds.Exit, "the edge where it ends, by number or name"),
            Target = read.Required("target", TunnelKinds.Target, "where its traffic goes from there"),
            Class = serviceClass == "signal" ? ServiceClass.Signal : ServiceClass.Bulk,
            Priority = (byte)read.Value("priority", TunnelKinds.Priority, DefaultPriority, "among traffic of its class, 0 to 7; under overload the lowest goes first"),
            Deadline = new(read.Value("deadline", TunnelKinds.Deadline, DefaultDeadline, "how long a UDP datagram is worth something on its way").Ticks * 100),
            Paths = (int)read.Value("paths", TunnelKinds.Paths, 1, "over how many routes at once UDP goes, 1 or 2"),
        };
        read.Require(serviceClass is null || entrance.Listen.Protocol == TunnelProtocol.Tcp, "class", "is for TCP: take it out, UDP goes as Realtime");
        return entrance;
    }
}
