using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Begins handshakes with the members that have an address and no link, again and again: the same initiation a few
/// times, at growing intervals, then a fresh one; at a steady pace where packets wait for the link. Where a member has
/// several addresses, each time is a round over them, the next one called while none has answered, and the first answer counts
/// (docs/decisions/0031). It reads the responses and cookie replies that come back.
/// Invariant: a member is called once in <see cref="NodeLimits.CallGap"/> at most, but for a new key of its and for a few cookies.
/// </summary>
internal sealed class Dialer(NodeShared shared, LinkKeeper keeper)
{
    private ulong _counter;
    private bool _stopped;

    /// <summary>When some member is to be called, at the earliest.</summary>
    public MonoTime NextTimeout
    {
        get;
        private set;
    } = MonoTime.Never;

    /// <summary>Looks at the members again: one has become due.</summary>
    public void Wake(MonoTime at) => NextTimeout = MonoTime.Min(NextTimeout, at);

    /// <summary>Begins nothing any more.</summary>
    public void Stop() => _stopped = true;

    public void HandleTimeout(MonoTime now)
    {
        if (NextTimeout > now)
            return;
        NextTimeout = MonoTime.Never;
        if (_stopped)
            return;
        foreach (var peer in shared.Peers.All)
        {
            // Whoever finds no room comes next: every initiation is written when it can go.
            if (shared.Outbox.HasRoom)
                Call(now, peer);
            var turn = TurnOf(peer);
            NextTimeout = MonoTime.Min(NextTimeout, turn > now ? turn : now + NodeLimits.OutboxRetry);
        }
    }

    /// <summary>Gives an attempt up: the member has a link by now, or is none any more.</summary>
    public void Abandon(Peer peer)
    {
        if (peer.Attempt is not { } attempt)
            return;
        shared.Peers.RemoveAttempt(attempt);
        peer.Attempt = null;
        attempt.Dispose();
    }

    /// <summary>The member can be heard, as it has begun a handshake too: an attempt to reach it goes on at its first pace.</summary>
    public void Hasten(Peer peer)
    {
        if (peer.Attempt is not { } attempt)
            return;
        attempt.Interval = NodeLimits.InitiationRetry;
        attempt.NextRoundAt = MonoTime.Min(attempt.NextRoundAt, attempt.RoundAt + NodeLimits.InitiationRetry);
        attempt.NextSendAt = MonoTime.Min(attempt.NextSendAt, attempt.SentAt + NodeLimits.InitiationRetry);
        Wake(attempt.NextSendAt);
    }

    /// <summary>
    /// The member has other addresses. A call that is under way goes on to them with the same initiation, as what went to
    /// those before may still be answered; a member without a link is called at once.
    /// </summary>
    public void OnNewAddresses(MonoTime now, Peer peer)
    {
        if (peer.Attempt is { } attempt)
        {
            attempt.Next = 0;
            attempt.NextSendAt = MonoTime.Max(now, attempt.SentAt + (peer.Addresses.Count > 0 ? NodeLimits.CallGap : NodeLimits.LeastAttempt));
        }
        else if (peer.Active is null)
        {
            peer.DialAt = peer.Pending is null ? now : MonoTime.Min(peer.DialAt, now + NodeLimits.PendingLinkTimeout);
        }

        Wake(TurnOf(peer));
    }

    public void HandleResponse(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!TryFind(datagram, receiverAt: 8, out var attempt) || !attempt.Initiator.TryReadResponse(datagram, out var result))
        {
            shared.Drops.Add(DropReason.HandshakeRefused);
            return;
        }

        var peer = attempt.Peer;
        var rtt = attempt.Sends == 1 ? result.Times.RoundTrip(now) : Duration.Zero;
        var longest = now - attempt.StartedAt;
        Abandon(peer);

        // Where both began, the lower number's link stands: what the other had begun, and this node answered, must not replace it.
        if (shared.Options.Id < peer.Id && result.PeerEpoch >= peer.NewestEpoch && peer.Pending is { } crossed)
            keeper.Remove(crossed);
        keeper.Activate(now, keeper.Add(now, result, from, rtt, longest, peer));
    }

    /// <summary>
    /// A cookie proves where this node is, as the address that gave it saw it: the initiation goes back there at once. What anybody
    /// who sees the initiation can make of cookies is bounded, and goes to the member's addresses only.
    /// </summary>
    public void HandleCookie(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!TryFind(datagram, receiverAt: 4, out var attempt) || !attempt.Initiator.TryReadCookie(datagram))
        {
            shared.Drops.Add(DropReason.HandshakeRefused);
            return;
        }

        if (attempt.CookiesUsed == NodeLimits.CookiesUsedAtOnce || !shared.Outbox.HasRoom)
            return;
        attempt.CookiesUsed++;
        Send(now, attempt, attempt.Peer.Addresses.Contains(from) ? from : attempt.SentTo);
        attempt.NextSendAt = MonoTime.Max(attempt.NextSendAt, now + NodeLimits.CallGap);
    }

    private static MonoTime TurnOf(Peer peer) => peer.Attempt?.NextSendAt ?? (peer.Addresses.Count == 0 ? MonoTime.Never : peer.DialAt);

    /// <summary>Begins with a member whose turn it is, or sends its initiation again.</summary>
    private void Call(MonoTime now, Peer peer)
    {
        if (TurnOf(peer) > now)
            return;
        if (peer.Addresses.Count == 0)
        {
            Abandon(peer);
            return;
        }

        if (peer.Attempt is null)
            Begin(now, peer);
        else if (peer.Attempt.Next == 0)
            RenewIfWornOut(now, peer.Attempt);
        CallNext(now, peer.Attempt!);
    }

    private void Begin(MonoTime now, Peer peer)
    {
        peer.DialAt = MonoTime.Never;
        var initiator = new NodeInitiator(
            shared.Identity, peer.Key, shared.DrawLinkId(), ++_counter, now, shared.Capabilities, shared.Random);
        peer.Attempt = new Attempt(peer, initiator, now);
        shared.Peers.AddAttempt(peer.Attempt);
    }

    private void RenewIfWornOut(MonoTime now, Attempt attempt)
    {
        if (attempt.Rounds <= NodeLimits.InitiationRepeats || now - attempt.StartedAt < NodeLimits.LeastAttempt)
            return;
        var peer = attempt.Peer;
        Abandon(peer);
        peer.Addresses.ForgetStray();
        Begin(now, peer);
        peer.Attempt!.Interval = attempt.Interval;
    }

    /// <summary>Calls the address whose turn it is, and settles whose is next and when.</summary>
    private void CallNext(MonoTime now, Attempt attempt)
    {
        var addresses = attempt.Peer.Addresses;
        Send(now, attempt, addresses[attempt.Next]);
        if (attempt.Next == 0)
            BeginRound(now, attempt);
        attempt.Next = (attempt.Next + 1) % addresses.Count;
        attempt.NextSendAt = attempt.Next == 0
            ? MonoTime.Max(attempt.NextRoundAt, now + NodeLimits.CallGap)
            : now + NodeLimits.CallGap;
    }

    private void BeginRound(MonoTime now, Attempt attempt)
    {
        var isWanted = now - attempt.Peer.WantedAt < NodeLimits.WantedFor;
        var pause = Duration.Min(attempt.Interval, isWanted ? NodeLimits.WantedInitiationRetry : NodeLimits.MaxInitiationRetry);
        attempt.Rounds++;
        attempt.RoundAt = now;
        attempt.NextRoundAt = now + (pause * (0.9 + (0.2 * shared.Random.NextDouble())));
        attempt.Interval = Duration.Min(attempt.Interval * 3 / 2, NodeLimits.MaxInitiationRetry);
    }

    private void Send(MonoTime now, Attempt attempt, NetAddress to)
    {
        shared.Outbox.Add(to, attempt.Initiator.Write(shared.Outbox.Draft));
        attempt.Sends++;
        attempt.SentAt = now;
        attempt.SentTo = to;
    }

    private bool TryFind(ReadOnlySpan<byte> datagram, int receiverAt, out Attempt attempt)
    {
        attempt = null!;
        var reader = new WireReader(datagram);
        return reader.TryReadBytes(receiverAt, out _) && reader.TryReadUInt32(out var id) &&
            shared.Peers.TryGetAttempt(new LinkId(id), out attempt);
    }
}
