using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>What one direction of a link is like, in the units of the scenario language.</summary>
internal sealed record PathWeather
{
    public required double DelayMs { get; init; }

    public double JitterMs { get; init; }

    public double LossPercent { get; init; }

    public double Burst { get; init; }

    public double RateMbps { get; init; }

    public double QueueMs { get; init; }

    public double DuplicatePercent { get; init; }

    public double CorruptPercent { get; init; }

    public double ReorderPercent { get; init; }

    public int Mtu { get; init; }

    /// <summary>Jitter is the absolute value of a normal deviate: nothing in a run comes beyond six of its deviations.</summary>
    public Duration MaxDelay => Duration.FromMilliseconds(DelayMs + (6 * JitterMs));

    public static PathWeather Draw(Draws draws, double delayMs)
    {
        var loss = draws.Chance(0.45) ? 0 : 30 * draws.Uniform() * draws.Uniform();
        return new()
        {
            DelayMs = delayMs,
            JitterMs = draws.Chance(0.5) ? 0 : delayMs * draws.Between(0.01, 0.3),
            LossPercent = loss,
            Burst = loss > 0 && draws.Chance(0.4) ? draws.Between(1.5, 8) : 0,
            RateMbps = draws.Scaled(0.5, 100),
            QueueMs = draws.Between(50.0, SwarmLimits.LongestQueue.Milliseconds),
            DuplicatePercent = draws.Chance(0.2) ? draws.Between(0.1, 10) : 0,
            CorruptPercent = draws.Chance(0.2) ? draws.Between(0.01, 3) : 0,
            ReorderPercent = draws.Chance(0.2) ? draws.Between(0.1, 30) : 0,
            Mtu = draws.Chance(0.3) ? draws.Pick(1_152, 1_200, 1_280, 1_399, 1_400, 1_452) : 1_500,
        };
    }

    /// <summary>The same way without its faults: far, slow and narrow as before.</summary>
    public PathWeather Healed() => this with { LossPercent = 0, Burst = 0, DuplicatePercent = 0, CorruptPercent = 0, ReorderPercent = 0 };

    public string Statement(int from, int to) => string.Create(
        CultureInfo.InvariantCulture,
        $"path n{from + 1} n{to + 1} delay {DelayMs:0.###} jitter {JitterMs:0.###} loss {LossPercent:0.##} burst {Burst:0.#} rate {RateMbps:0.###} queue {QueueMs:0}"
        + $" dup {DuplicatePercent:0.##} corrupt {CorruptPercent:0.##} reorder {ReorderPercent:0.##} mtu {Mtu} up");
}
