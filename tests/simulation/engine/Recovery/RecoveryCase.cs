using WeCan.Contracts;

namespace WeCan.Simulation.Recovery;

/// <summary>
/// One bad path and one deadline that a Realtime flow is measured over. The hosts are a and b, or a, r and b; the nodes
/// are told nothing of what the scenario says.
/// </summary>
/// <param name="Name">What the bench calls it.</param>
/// <param name="Path">What the scenario's language says of each hop, in both directions.</param>
/// <param name="Hops">One, or two by way of a relay.</param>
/// <param name="Deadline">How long a message is worth something.</param>
/// <param name="PerSecond">How many messages are sent in a second.</param>
/// <param name="LastPath">What is said of the last hop instead, if it differs.</param>
public sealed record RecoveryCase(string Name, string Path, int Hops, Duration Deadline, int PerSecond = RecoveryCase.UsualRate, string? LastPath = null)
{
    public const int UsualRate = 400;

    /// <summary>A few packets of voice, and a way on which no round trip fits.</summary>
    private const int ThinRate = 100;

    private static readonly Duration Usual = Duration.FromMilliseconds(200);
    private static readonly Duration Far = Duration.FromMilliseconds(157);
    private static readonly Duration Tight = Duration.FromMilliseconds(60);

    /// <summary>Every case that has a figure.</summary>
    public static IReadOnlyList<RecoveryCase> All { get; } =
    [
        new("random_5", "delay 40 loss 5", 1, Usual),
        new("random_10", "delay 40 loss 10", 1, Usual),
        new("burst_5", "delay 40 loss 5 burst 5", 1, Usual),
        new("random_5_tight", "delay 40 loss 5", 1, Tight),
        new("two_hops_5", "delay 20 loss 5", 2, Usual),
        new("clean", "delay 40", 1, Usual),
        new("jitter_2ms", "delay 40 jitter 2", 1, Usual),
        new("reorder_3", "delay 40 reorder 3", 1, Usual),
        new("far_thin_02", "delay 86 loss 0.2", 1, Far, ThinRate),
        new("far_thin_2", "delay 86 loss 2", 1, Far, ThinRate),
        new("far_twice_5", "delay 40 loss 5", 2, Usual),
        new("far_then_near", "delay 82 loss 1", 2, Far, ThinRate, "delay 4"),
    ];

    internal string[] HostNames => Hops == 1 ? ["a", "b"] : ["a", "r", "b"];

    internal string ScenarioText()
    {
        var names = HostNames;
        var hosts = names.Select((name, place) => $"host {name} 10.0.0.{place + 1}");
        var links = names.Skip(1).Select((name, place) => $"link {names[place]} {name} {(place + 1 == Hops ? LastPath ?? Path : Path)}");
        return string.Join('\n', [.. hosts, .. links]);
    }
}
