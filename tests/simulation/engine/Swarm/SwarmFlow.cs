using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One flow that an application keeps up: when it sends what. Opened anew when it breaks or its node restarts.</summary>
public sealed record SwarmFlow
{
    /// <summary>Its place in the plan.</summary>
    public required int Index { get; init; }

    public required int From { get; init; }

    public required int To { get; init; }

    public required ServiceClass Class { get; init; }

    public byte Priority { get; init; }

    /// <summary>Realtime's; zero for the others.</summary>
    public Duration Deadline { get; init; }

    /// <summary>After the start of a life of its node.</summary>
    public required Duration Start { get; init; }

    /// <summary>Between two bursts, give or take a half.</summary>
    public required Duration Interval { get; init; }

    public int Burst { get; init; } = 1;

    public required int MinSize { get; init; }

    public required int MaxSize { get; init; }

    /// <summary>Bytes that it sends at most in one life, give or take a message.</summary>
    public required long Volume { get; init; }

    /// <summary>The destination's application stops reading now and then.</summary>
    public bool SlowReader { get; init; }

    /// <summary>Routes that Realtime takes at once.</summary>
    public int Paths { get; init; } = 1;

    /// <summary>The route that a stream takes; 0 for the primary.</summary>
    public int RouteToken { get; init; }

    /// <summary>Closes the flow after so many messages and opens another; zero for never.</summary>
    public int CloseAfter { get; init; }

    public bool IsRealtime => Class == ServiceClass.Realtime;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"flow {Index} n{From + 1}->n{To + 1} {Class} priority {Priority}{(IsRealtime ? $" deadline {Deadline}" : "")}: from {Start} every {Interval} {Burst} of {MinSize}..{MaxSize} bytes, {Volume} in all")
        + (SlowReader ? ", slow reader" : "") + (CloseAfter > 0 ? $", closed after {CloseAfter}" : "")
        + (Paths > 1 ? $", over {Paths} routes" : "") + (RouteToken > 0 ? $", over route {RouteToken}" : "");
}
