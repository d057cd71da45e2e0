using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Begins handshakes with the members that have an address and no link, again and again: the same initiation a few
/// times, at growing intervals, then a fresh one; at a steady pace where packets wait for the link. It reads the responses and cookie replies that come back.
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
        attempt.NextSendAt = MonoTime.Min(attempt.NextSendAt, attempt.SentAt + NodeLimits.InitiationRetry);
        Wake(attempt.NextSendAt);
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

    public void HandleCookie(MonoTime now, ReadOnlySpan<byte> datagram)
    {
        if (!TryFind(datagram, receiverAt: 4, out var attempt) || !attempt.Initiator.TryReadCookie(datagram))
        {
            shared.Drops.Add(DropReason.HandshakeRefused);
            return;
        }

        attempt.NextSendAt = now;
        Wake(now);
    }

    private static MonoTime TurnOf(Peer peer) => peer.Attempt?.NextSendAt ?? (peer.Address.IsNone ? MonoTime.Never : peer.DialAt);

    /// <summary>Begins with a member whose turn it is, or sends its initiation again.</summary>
    private void Call(MonoTime now, Peer peer)
    {
        if (TurnOf(peer) > now)
            return;
        if (peer.Attempt is null)
            Begin(now, peer);
        SendAgain(now, peer.Attempt!);
    }

    private void Begin(MonoTime now, Peer peer)
    {
        peer.DialAt = MonoTime.Never;
        var initiator = new NodeInitiator(
            shared.Identity, peer.Key, shared.DrawLinkId(), ++_counter, now, shared.Capabilities, shared.Random);
        peer.Attempt = new Attempt(peer, initiator, now);
        shared.Peers.AddAttempt(peer.Attempt);
    }

    private void SendAgain(MonoTime now, Attempt attempt)
    {
        if (attempt.Sends > NodeLimits.InitiationRepeats && now - attempt.StartedAt >= NodeLimits.LeastAttempt)
        {
            var interval = attempt.Interval;
            Abandon(attempt.Peer);
            Begin(now, attempt.Peer);
            attempt = attempt.Peer.Attempt!;
            attempt.Interval = interval;
        }

        shared.Outbox.Add(attempt.Peer.Address, attempt.Initiator.Write(shared.Outbox.Draft));
        attempt.Sends++;
        attempt.SentAt = now;
        var isWanted = now - attempt.Peer.WantedAt < NodeLimits.WantedFor;
        var pause = Duration.Min(attempt.Interval, isWanted ? NodeLimits.WantedInitiationRetry : NodeLimits.MaxInitiationRetry);
        attempt.NextSendAt = now + (pause * (0.9 + (0.2 * shared.Random.NextDouble())));
        attempt.Interval = Duration.Min(attempt.Interval * 3 / 2, NodeLimits.MaxInitiationRetry);
    }

    private bool TryFind(ReadOnlySpan<byte> datagram, int receiverAt, out Attempt attempt)
    {
        attempt = null!;
        var reader = new WireReader(datagram);
        return reader.TryReadBytes(receiverAt, out _) && reader.TryReadUInt32(out var id) &&
            shared.Peers.TryGetAttempt(new LinkId(id), out attempt);
    }
}
