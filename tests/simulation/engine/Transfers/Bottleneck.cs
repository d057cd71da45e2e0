using System.Globalization;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// The path of a transfer: random loss, a bottleneck whose queue drops what does not fit, then the delay; the way back
/// loses alike and has no bottleneck. What is not said is the setting of the project's table of bulk transfers.
/// </summary>
public sealed record Bottleneck
{
    public double RoundTripMs { get; init; } = 80;

    public double RateMbps { get; init; } = 100;

    public double QueueMs { get; init; } = 100;

    public double LossPercent { get; init; }

    /// <summary>Mean length of a burst of losses, in packets.</summary>
    public double Burst { get; init; } = 1;

    /// <summary>What changes on the way, in the scenario's language: from a to b, and from c to d where two pairs share it.</summary>
    public string Changes { get; init; } = "";

    internal string Scenario => string.Create(CultureInfo.InvariantCulture, $"""
        host a 10.77.0.1
        host b 10.77.0.2
        host c 10.77.0.3
        host d 10.77.0.4
        link a b delay {RoundTripMs / 2} loss {LossPercent} burst {Burst}
        link c d delay {RoundTripMs / 2} loss {LossPercent} burst {Burst}
        path a b rate {RateMbps} queue {QueueMs} share 1
        path c d rate {RateMbps} queue {QueueMs} share 1
        {Changes}
        """);
}
