using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Sealing;

/// <summary>
/// The sessions with one peer, from the oldest to the newest, and which of them seals. All open; those that were replaced
/// or never proven go in time. Both ends make them in the same order, so a session that proves itself takes the place
/// only of older ones.
/// </summary>
internal sealed class SessionSet : IDisposable
{
    private readonly List<SealedSession> _sessions = new(SealingLimits.SessionsPerPeer);
    private bool _hasLostKeys;

    /// <summary>The one that seals, or did before it was too old; null if there is none.</summary>
    public SealedSession? Current { get; private set; }

    /// <summary>The newest of all was answered by this node, and the peer has not used it yet.</summary>
    public SealedSession? Pending => _sessions.Count > 0 && _sessions[^1] is { IsInitiator: false, IsProven: false } newest ? newest : null;

    public MonoTime NextDrop
    {
        get
        {
            var next = MonoTime.Never;
            foreach (var session in _sessions)
                next = MonoTime.Min(next, session.DropAt);
            return next;
        }
    }

    public bool TryFind(uint number, out SealedSession session)
    {
        foreach (var known in _sessions)
        {
            if (known.Number == number)
            {
                session = known;
                return true;
            }
        }

        session = null!;
        return false;
    }

    /// <summary>A number that none of them has, nor the one that is not made yet.</summary>
    public LinkId DrawNumber(DeterministicRandom random, LinkId taken)
    {
        while (true)
        {
            var number = random.NextUInt32() & (SealedPacket.SessionEnd - 1);
            if (number != 0 && number != taken.Value && !TryFind(number, out _))
                return new LinkId(number);
        }
    }

    /// <summary>Takes a new session over, which opens from now on. Where there are too many, the oldest that does not seal goes.</summary>
    public void Add(SealedSession session)
    {
        if (_sessions.Count == SealingLimits.SessionsPerPeer)
            Drop(_sessions[0] == Current ? 1 : 0);
        _sessions.Add(session);
    }

    /// <summary>It seals from now on, if it is newer than what did. False if it is not.</summary>
    public bool TryPromote(MonoTime now, SealedSession session)
    {
        if (Current is not null && _sessions.IndexOf(session) <= _sessions.IndexOf(Current))
            return false;
        _hasLostKeys |= Current is null || IsEarly(session, Current);
        Current = session;
        session.DropAt = session.CreatedAt + SealingLimits.RefuseAfter + SealingLimits.KeepOld;
        for (var i = _sessions.Count - 1; i >= 0; i--)
        {
            var other = _sessions[i];
            if (other.PeerEpoch < session.PeerEpoch)
                Drop(i);
            else if (i < _sessions.IndexOf(session))
                other.DropAt = MonoTime.Min(other.DropAt, now + SealingLimits.KeepOld);
        }

        return true;
    }

    /// <summary>Whether what was sealed before the session that seals now is known to open nowhere; said once.</summary>
    public bool TakeLoss()
    {
        var hasLost = _hasLostKeys;
        _hasLostKeys = false;
        return hasLost;
    }

    public void DropDue(MonoTime now)
    {
        for (var i = _sessions.Count - 1; i >= 0; i--)
        {
            if (_sessions[i].DropAt <= now)
                Drop(i);
        }
    }

    public void Dispose()
    {
        while (_sessions.Count > 0)
            Drop(0);
    }

    /// <summary>The peer has begun anew long before it was time, as who has not the keys any more does.</summary>
    private static bool IsEarly(SealedSession session, SealedSession before) =>
        !session.IsInitiator && !before.IsWorn && session.CreatedAt - before.CreatedAt < SealingLimits.RekeyAfter - SealingLimits.RekeyPatience;

    private void Drop(int place)
    {
        var session = _sessions[place];
        _sessions.RemoveAt(place);
        if (Current == session)
            Current = null;
        session.Dispose();
    }
}
