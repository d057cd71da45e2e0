using System.Collections.Immutable;
using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One multicast flow that an application keeps up; each of its messages goes to some of its destinations. Opened anew when its node restarts.</summary>
public sealed record SwarmMulticast
{
    /// <summary>Its place in the plan.</summary>
    public required int Index { get; init; }

    public required int From { get; init; }

    public required ImmutableArray<int> To { get; init; }

    public required ServiceClass Class { get; init; }

    /// <summary>Realtime's; zero for the others.</summary>
    public Duration Deadline { get; init; }

    public bool IsRealtime => Class == ServiceClass.Realtime;

    /// <summary>After the start of a life of its node.</summary>
    public required Duration Start { get; init; }

    /// <summary>Between two bursts, give or take a half.</summary>
    public required Duration Interval { get; init; }

    public int Burst { get; init; } = 1;

    public required int MaxSize { get; init; }

    /// <summary>Bytes that it sends at most in one life, give or take a message.</summary>
    public required long Volume { get; init; }

    /// <summary>How often a message leaves a destination out.</summary>
    public required double Absence { get; init; }

    /// <summary>How often a destination is taken out before a message of the storm, whether or not that is for it; never Realtime's.</summary>
    public double Removal { get; init; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"multicast {Index} {SwarmPlan.IdOf(From)}->{string.Join(',', To.Select(SwarmPlan.IdOf))} {Class}{(IsRealtime ? $" deadline {Deadline}" : "")}: from {Start} every {Interval} {Burst} of up to {MaxSize} bytes, {Volume} in all, {Absence:P0} left out{(Removal > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Removal:P1} taken out") : "")}");
}
