using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Whom each node was told to be no member, and what may happen on flows between the two from then on: nothing.
/// </summary>
internal sealed class RemovalLedger(SwarmPlan plan)
{
    private readonly Dictionary<(int Place, int Other), MonoTime> _inThisLife = [];
    private readonly Dictionary<(int Place, int Other), MonoTime> _ever = [];

    /// <summary>A node starts anew: what it had ended is forgotten with its life.</summary>
    public void OnStarted(int place)
    {
        for (var other = 0; other < plan.Nodes.Length; other++)
            _inThisLife.Remove((place, other));
    }

    public void OnRemoved(MonoTime now, int place, int other) => _inThisLife[(place, other)] = _ever[(place, other)] = now;

    /// <summary>Whether a node, in whatever life, took another out at that time or later.</summary>
    public bool HasRemoved(int place, int other, MonoTime since) => _ever.TryGetValue((place, other), out var at) && at >= since;

    /// <summary>A message came. What is wrong with that, or null.</summary>
    /// <param name="knownAt">When the destination, in this life, surely knew the flow: a stream's first message, or the last before this one of Realtime.</param>
    public string? Check(MonoTime now, FlowUse use, MonoTime openedAt, MonoTime knownAt)
    {
        var (from, to) = (use.Flow.From, use.Flow.To);

        // A slow reader's messages came before; it takes them later.
        var isKnown = !use.Flow.IsRealtime || (!knownAt.IsNever && now - knownAt < SwarmLimits.RealtimeMemory);
        if (isKnown && !use.Flow.SlowReader && _inThisLife.TryGetValue((to, from), out var at) && knownAt < at && now > at)
            return $"{use}: a message came after n{to + 1} had been told, at {at}, that n{from + 1} is no member, which ended the flow";
        foreach (var gone in plan.Revocations)
        {
            if ((gone.Member == from || gone.Member == to) && openedAt > gone.GoneAt && now < gone.BackAt)
                return $"{use}: opened at {openedAt}, and a message came while {gone}";
        }

        return null;
    }
}
