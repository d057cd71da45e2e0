using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Which route carries copies of the Realtime packets to a node beside the one that they take, while that one is strained: while a hop
/// on it loses runs of packets that are too long for its repair. The strain is told before anything is missed, and copies that go ahead are
/// the only help, as what is known to be lost cannot go a longer way in time. No move, so nothing flaps: a guard ends when
/// <see cref="PathLimits.GuardHold"/> has passed without strain. Invariants: a guard is never the route that is guarded, one that is
/// silent, or one that is full; and one that lets packets go uncopied is not <see cref="IsWhole"/>, so it keeps nobody on the route.
/// </summary>
internal struct PathGuard(TransportShared shared)
{
    private MonoTime _until = new(long.MinValue / 2);
    private MonoTime _shortAt = new(long.MinValue / 2);
    private CopyBudget _budget;

    /// <summary>The route for copies; <see cref="TransportTransmit.NoRoute"/> for none.</summary>
    public int Token { get; private set; } = TransportTransmit.NoRoute;

    /// <summary>The route that flows take is strained.</summary>
    public void OnStrained(MonoTime now) => _until = now + PathLimits.GuardHold;

    /// <summary>Flows take another route, or none: the strain was the other's.</summary>
    public void Stop() => (Token, _until) = (TransportTransmit.NoRoute, new(long.MinValue / 2));

    /// <summary>Whether there is a guard, and all that is sent is copied to it: only then it is better to stay.</summary>
    public readonly bool IsWhole(MonoTime now) => Token >= 0 && now - _shortAt >= PathLimits.GuardHold;

    /// <summary>The guard as a bit, for a message of so many packets that goes over others already; 0 where no copy is to go.</summary>
    public uint CopyOf(MonoTime now, uint routes, int segments)
    {
        if (Token < 0 || ((routes >> Token) & 1) != 0)
            return 0;
        if (_budget.TryTake(segments))
            return 1u << Token;
        _shortAt = now;
        return 0;
    }

    /// <summary>One step passes.</summary>
    public void Refill() => _budget.Refill();

    /// <summary>The guard stays while it is fit; the first by rank that is comes in its place, or none.</summary>
    public void Choose(MonoTime now, in RouteTokens routes, int current, ReadOnlySpan<PathQuality> qualities)
    {
        if (now >= _until)
        {
            Token = TransportTransmit.NoRoute;
            return;
        }

        if (IsFit(now, routes, current, qualities, Token))
            return;
        var before = Token;
        Token = TransportTransmit.NoRoute;
        for (var token = 0; token < qualities.Length && Token < 0; token++)
            Token = IsFit(now, routes, current, qualities, token) ? token : TransportTransmit.NoRoute;
        if (before < 0 && Token >= 0)
            shared.Counters.PathGuards++;
    }

    private static bool IsFit(MonoTime now, in RouteTokens routes, int current, ReadOnlySpan<PathQuality> qualities, int token) =>
        token != current && routes.Contains(token) && qualities[token].CanGuard(now);
}
