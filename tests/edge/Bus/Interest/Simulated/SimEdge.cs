using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>An edge of the simulation over all its lives: its desk while it runs, its clients' subscriptions, and publishes that are held.</summary>
internal sealed class SimEdge(NodeId id)
{
    public NodeId Id { get; } = id;

    public int Life { get; set; }

    /// <summary>None while it is down.</summary>
    public InterestDesk? Desk { get; set; }

    public MonoTime StartedAt { get; set; }

    /// <summary>Its clock began then.</summary>
    public Duration ClockOffset { get; set; }

    public ulong Membership { get; set; }

    public Dictionary<ulong, SimSubscription> Subscriptions { get; } = [];

    public List<byte[]> Held { get; } = [];

    public Dictionary<SimEdge, SimPipe> Pipes { get; } = [];

    public MonoTime Wakes { get; set; } = MonoTime.Never;

    public bool IsUp => Desk is not null;

    public override string ToString() => $"{Id}.{Life}";
}
