using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Followers;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.Edge.Bus.Interest.Registrants;

namespace WeCan.Edge.Bus.Interest;

/// <summary>
/// Which other edges want a message that this edge's clients publish, and since when all other edges know what this one's subscribe to. Its host, the node's
/// loop, hands in the membership's edges, subscriptions, messages of other edges' desks and the time, and brings them what <see cref="Take"/>
/// gives, in order and reliably. What a subscription was confirmed for reaches this edge, whoever publishes it later: docs/decisions/0053.
/// </summary>
/// <param name="self">This edge.</param>
/// <param name="epoch">Which life of it; grows with each.</param>
/// <param name="seed">Unknown to those who choose names.</param>
internal sealed class InterestDesk(NodeId self, BootEpoch epoch, ulong seed)
{
    private readonly DeskParts _parts = new(new InterestShared(self, seed));
    private MonoTime _nextBeat = MonoTime.Never;
    private ulong _sessions;

    public InterestCounters Counters => Shared.Counters;

    /// <summary>What is held, for tests and metrics.</summary>
    public InterestSizes Sizes => new(
        _parts.Registrant.PatternCount,
        _parts.Registrant.SpaceCount,
        _parts.Registrant.WaitingCount,
        _parts.Home.RegistrationCount,
        _parts.Home.SpaceCount,
        _parts.Home.SliceCount,
        _parts.Follower.EntryCount,
        _parts.Follower.SliceCount,
        _parts.Follower.SpaceCount);

    public MonoTime NextTimeout => Shared.HasMore ? MonoTime.Zero : _nextBeat;

    private InterestShared Shared => _parts.Shared;

    /// <summary>All edges of the membership, this one among them. An older version than the last is ignored.</summary>
    public void SetMembership(MonoTime now, ulong version, ReadOnlySpan<NodeId> edges)
    {
        Shared.Now = now;
        if (!Shared.Views.TryAdopt(now, version, edges))
            return;
        foreach (var peer in Shared.Peers.Values.Where(peer => !Shared.Views.Contains(peer.Id)).ToList())
        {
            Shared.Peers.Remove(peer.Id);
            Shared.Ready.Remove(peer);
            _parts.Home.Lose(peer);
            _parts.Follower.Forget(peer);
        }

        foreach (var edge in edges)
        {
            if (edge == self || Shared.Peers.ContainsKey(edge))
                continue;
            var peer = new Peer(edge) { Mine = NextSession() };
            Shared.Peers.Add(edge, peer);
            Shared.MarkReady(peer);
        }

        _parts.Home.Adopt();
        _parts.Registrant.Adopt();
        _parts.Follower.Adopt();
        End();
    }

    /// <summary>A client of this edge has subscribed; the ticket comes back by <see cref="TryTakeConfirmed"/>.</summary>
    public void Subscribe(MonoTime now, ReadOnlySpan<byte> pattern, ulong ticket)
    {
        Shared.Now = now;
        _parts.Registrant.Subscribe(pattern, ticket);
        End();
    }

    public void Unsubscribe(MonoTime now, ReadOnlySpan<byte> pattern, ulong ticket)
    {
        Shared.Now = now;
        _parts.Registrant.Unsubscribe(pattern, ticket);
        End();
    }

    /// <summary>A message of another edge's desk; false when it is not understood.</summary>
    public bool TryHandle(MonoTime now, NodeId from, ReadOnlySpan<byte> message)
    {
        Shared.Now = now;
        var isRead = InterestHead.TryRead(message, out var head, out var frames);
        if (isRead && Shared.Find(from) is { } peer)
            isRead = TryHandle(peer, head, frames);
        if (!isRead)
            Counters.Malformed++;
        End();
        return isRead;
    }

    /// <summary>The flow to an edge is over before its messages were.</summary>
    public void FlowBroken(MonoTime now, NodeId to)
    {
        Shared.Now = now;
        if (Shared.Find(to) is { } peer)
            Restart(peer);
        End();
    }

    public void HandleTimeout(MonoTime now)
    {
        Shared.Now = now;
        if (now < _nextBeat)
            return;
        _nextBeat = MonoTime.Never;
        _parts.Home.Beat();
        _parts.Registrant.Beat();
        _parts.Follower.Beat();
        foreach (var peer in Shared.Peers.Values)
        {
            if ((peer.Followed.Slices.Count == 0 && peer.WatchedUntil < now) || peer.NextPing > now || peer.IsPingDue)
                continue;
            peer.IsPingDue = true;
            Shared.MarkReady(peer);
        }

        End();
    }

    /// <summary>Which edges there may be something for since the last call.</summary>
    public void TakeReady(List<NodeId> edges)
    {
        Shared.HasMore = false;
        foreach (var peer in Shared.Ready)
            edges.Add(peer.Id);
        Shared.Ready.Clear();
    }

    /// <summary>Writes the next message to an edge, of at most <see cref="InterestLimits.MaxMessage"/>; 0 when there is none. To be asked when it can be sent at once.</summary>
    public int Take(MonoTime now, NodeId edge, Span<byte> message)
    {
        Shared.Now = now;
        if (Shared.Find(edge) is not { } peer)
            return 0;
        message = message[..InterestLimits.MaxMessage];
        var length = InterestHead.Length;
        if (peer.IsKnown)
        {
            if (peer.IsPingDue)
                Ping(peer);
            length += peer.Asking.Take(message[length..]);
            length += _parts.Home.Serve(peer, message[length..]);
            length += _parts.Registrant.Tell(peer, message[length..]);
        }

        if (length == InterestHead.Length && !peer.IsHelloDue)
            return 0;
        peer.IsHelloDue = false;
        new InterestHead { Session = peer.Mine, Heard = peer.Theirs }.Write(message);
        return length;
    }

    public bool TryTakeConfirmed(out ulong ticket) => Shared.Confirmed.TryDequeue(out ticket);

    /// <summary>The other edges that want the subject, good until the next call; false while this edge does not know.</summary>
    public bool TryMatch(MonoTime now, ReadOnlySpan<byte> subject, out ReadOnlySpan<NodeId> edges)
    {
        Shared.Now = now;
        var isInStep = _parts.Follower.TryMatch(subject, out edges);
        End();
        return isInStep;
    }

    public bool IsInStep(MonoTime now, ReadOnlySpan<byte> subject)
    {
        Shared.Now = now;
        var isInStep = _parts.Follower.IsInStep(subject, out _);
        End();
        return isInStep;
    }

    /// <summary>True once after something came that may have put subjects in step.</summary>
    public bool TakeArrivals()
    {
        var has = Shared.HasArrivals;
        Shared.HasArrivals = false;
        return has;
    }

    public bool IsConfirmedByBoth(ReadOnlySpan<byte> pattern) => _parts.Registrant.IsConfirmedByBoth(pattern);

    private bool TryHandle(Peer peer, in InterestHead head, ReadOnlySpan<byte> frames)
    {
        peer.HeardAt = Shared.Now;
        if (head.Session < peer.Theirs)
            return true;
        if (head.Session > peer.Theirs)
        {
            peer.Theirs = head.Session;
            peer.IsHelloDue = true;
            peer.ClearQueues();
            _parts.Home.Forgotten(peer);
            _parts.Follower.Forget(peer);
            _parts.Registrant.Restart(peer);
            Shared.MarkReady(peer);
        }

        if (head.Heard != peer.Mine)
            return true;
        if (!peer.IsEstablished)
        {
            peer.IsEstablished = true;
            _parts.Home.ForgetGhosts(peer);
        }

        return _parts.Frames.TryHandle(peer, frames);
    }

    private void Restart(Peer peer)
    {
        Counters.Restarts++;
        peer.Mine = NextSession();
        peer.IsEstablished = false;
        peer.IsHelloDue = true;
        peer.ClearQueues();
        _parts.Home.Abandon(peer);
        _parts.Follower.Forget(peer);
        _parts.Registrant.Restart(peer);
        Shared.MarkReady(peer);
    }

    private ulong NextSession() => ((ulong)epoch.Value << InterestHead.CountBits) | ++_sessions;

    private void Ping(Peer peer)
    {
        peer.IsPingDue = false;
        peer.NextPing = Shared.Now + InterestLimits.PingInterval;
        new PingFrame((ulong)Shared.Now.Nanoseconds, peer.Followed.Applied).Write(peer.Asking.Batch);
    }

    /// <summary>The end of every call: who is flooded begins anew, and what has to be looked at now and then will be.</summary>
    private void End()
    {
        foreach (var peer in Shared.Flooded)
        {
            if (peer.IsFlooded && Shared.Find(peer.Id) == peer)
                Restart(peer);
        }

        Shared.Flooded.Clear();
        if (_parts.Home.IsBusy || _parts.Registrant.IsBusy || _parts.Follower.IsBusy)
            _nextBeat = MonoTime.Min(_nextBeat, Shared.Now + InterestLimits.Beat);
        else if (_parts.Follower.IsFollowing || Shared.WatchedUntil > Shared.Now)
            _nextBeat = MonoTime.Min(_nextBeat, Shared.Now + InterestLimits.QuietBeat);
        else
            _nextBeat = MonoTime.Min(_nextBeat, _parts.Follower.NextSweep);
    }
}
