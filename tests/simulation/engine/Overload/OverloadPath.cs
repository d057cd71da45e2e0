using System.Globalization;

namespace WeCan.Simulation.Overload;

/// <summary>
/// A way of one hop or two, of which one has a bottleneck with a queue that drops what does not fit; no node is told of
/// its rate. What is not said is one hop of 20 Mbit/s, 40 ms there and back, and 200 ms of queue.
/// </summary>
public sealed record OverloadPath
{
    public double RateMbps { get; init; } = 20;

    public double RoundTripMs { get; init; } = 40;

    public double QueueMs { get; init; } = 200;

    public double LossPercent { get; init; }

    /// <summary>Where there is a second hop, how long it takes there and back; none where it is 0.</summary>
    public double SecondRoundTripMs { get; init; }

    /// <summary>The second hop has the bottleneck.</summary>
    public bool IsSecondNarrow { get; init; }

    public int Hops => SecondRoundTripMs > 0 ? 2 : 1;

    /// <summary>The hop that has the bottleneck.</summary>
    internal int Narrow => IsSecondNarrow ? 1 : 0;

    internal string Scenario
    {
        get
        {
            string[] names = ["a", "b", "c"];
            var hosts = Enumerable.Range(0, Hops + 1).Select(host => $"host {names[host]} 10.77.0.{host + 1}");
            double[] roundTrips = [RoundTripMs, SecondRoundTripMs];
            var links = Enumerable.Range(0, Hops).Select(hop => string.Create(CultureInfo.InvariantCulture, $"link {names[hop]} {names[hop + 1]} delay {roundTrips[hop] / 2} loss {LossPercent}"));
            var narrow = string.Create(CultureInfo.InvariantCulture, $"path {names[Narrow]} {names[Narrow + 1]} rate {RateMbps} queue {QueueMs} share 1");
            return string.Join('\n', [.. hosts, .. links, narrow]);
        }
    }
}
