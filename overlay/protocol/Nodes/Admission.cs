using WeCan.Contracts;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Answers the handshakes that others begin: members by their key, clients by their token, and nobody else at all.
/// Under load it asks for a cookie first and keeps nothing. A copy of an initiation gets the same answer again, or none, and
/// changes nothing.
/// </summary>
internal sealed class Admission(NodeShared shared, LinkKeeper keeper, Dialer dialer) : IDisposable
{
    private readonly HandshakeResponder _responder = new(shared.Identity, shared.Capabilities, shared.Random);
    private MonoTime _intervalStart;
    private int _inInterval;

    public void HandleNode(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!HasRoomToAnswer())
            return;
        var reply = shared.Outbox.Draft;
        var outcome = _responder.ReadNode(datagram, Arrive(now, from), reply, out var length, out var initiation);
        Count(outcome);
        using (initiation)
        {
            if (initiation is not null)
                outcome = TryAnswer(now, from, initiation, reply, out length);
        }

        if (outcome == InitiationOutcome.Replayed)
            _responder.Spend(now, datagram);

        Finish(from, outcome, length);
    }

    public void HandleClient(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (shared.Options.ClientTokens is not { } tokens)
        {
            shared.Drops.Add(DropReason.HandshakeRefused);
            return;
        }

        if (!HasRoomToAnswer())
            return;
        var reply = shared.Outbox.Draft;
        var outcome = _responder.ReadClient(datagram, Arrive(now, from), tokens, reply, out var length, out var initiation);
        Count(outcome);
        using (initiation)
        {
            if (initiation is not null)
                outcome = AnswerClient(now, from, initiation, reply, out length);
        }

        if (outcome == InitiationOutcome.Replayed)
            _responder.Spend(now, datagram);

        Finish(from, outcome, length);
    }

    public void Dispose() => _responder.Dispose();

    /// <summary>Whoever is in the membership and says something new gets an answer and a pending link.</summary>
    private InitiationOutcome TryAnswer(MonoTime now, NetAddress from, NodeInitiation initiation, Span<byte> reply, out int length)
    {
        length = 0;
        if (!shared.Peers.TryGet(initiation.PeerStatic, out var peer))
        {
            shared.Drops.Add(DropReason.NotAMember);
            return InitiationOutcome.Accepted;
        }

        var outcome = initiation.Open(out var hello);
        if (outcome != InitiationOutcome.Accepted)
            return outcome;
        if (hello.Node != peer.Id)
        {
            shared.Drops.Add(DropReason.NotAMember);
            return InitiationOutcome.Accepted;
        }

        if (!peer.IsNewer(hello))
            return RepeatAnswer(peer, initiation, reply, out length);

        dialer.Hasten(peer);
        if (Insists(now, peer))
            return InitiationOutcome.Accepted;
        Answer(now, from, peer, hello, initiation, reply, out length);
        return InitiationOutcome.Accepted;
    }

    private void Answer(MonoTime now, NetAddress from, Peer peer, in NodeHello hello, NodeInitiation initiation, Span<byte> reply, out int length)
    {
        peer.NewestEpoch = hello.Epoch;
        peer.NewestCounter = hello.Counter;
        length = initiation.Respond(shared.DrawLinkId(), now, reply, out var result);
        keeper.Suspend(keeper.Add(now, result, from, Duration.Zero, Duration.Zero, peer));
        peer.AnsweredDigest = initiation.Digest;
        peer.Answer = reply[..length].ToArray();

        // Were both ends to give up their own here, as may be over a path longer than the tie-break, nobody would take an answer.
        if (shared.Options.Id > peer.Id)
            dialer.Abandon(peer);
        if (peer.Active is not null || peer.Attempt is not null)
            return;
        peer.DialAt = now + NodeLimits.PendingLinkTimeout;
        dialer.Wake(peer.DialAt);
    }

    /// <summary>As for members: a session's newest initiation makes a link, its copies get its answer, and older ones nothing.</summary>
    private InitiationOutcome AnswerClient(MonoTime now, NetAddress from, ClientInitiation initiation, Span<byte> reply, out int length)
    {
        length = 0;
        var session = keeper.Admitted.Find(initiation.Grant.Client, initiation.SessionNonce);
        if (session is not null && initiation.Counter <= session.Counter)
        {
            if (initiation.Counter < session.Counter || session.Answer is not { } answer)
                return InitiationOutcome.Replayed;
            answer.CopyTo(reply);
            length = answer.Length;
            return InitiationOutcome.Accepted;
        }

        if (session?.Slot is { IsPending: true } older)
            keeper.Remove(older);
        if (!keeper.TryAdmit(now, out var place))
            return InitiationOutcome.Accepted;
        length = initiation.Respond(shared.DrawLinkId(), now, reply, out var result);
        var slot = keeper.AddClient(now, result, from, initiation.Grant, place);
        keeper.Suspend(slot);
        keeper.Admitted.Set(initiation, slot, reply[..length]);
        return InitiationOutcome.Accepted;
    }

    /// <summary>The same initiation again, while its link is pending: the response was lost, so it goes again.</summary>
    private InitiationOutcome RepeatAnswer(Peer peer, NodeInitiation initiation, Span<byte> reply, out int length)
    {
        length = 0;
        if (peer.Pending is null || peer.Answer is null || peer.AnsweredDigest != initiation.Digest)
            return InitiationOutcome.Replayed;
        dialer.Hasten(peer);
        peer.Answer.CopyTo(reply);
        length = peer.Answer.Length;
        return InitiationOutcome.Accepted;
    }

    /// <summary>Both began at once: for a moment the lower number goes on with its own and does not answer.</summary>
    private bool Insists(MonoTime now, Peer peer)
    {
        if (peer.Attempt is not { } own || shared.Options.Id > peer.Id || now - own.StartedAt >= NodeLimits.TieBreak)
            return false;
        shared.Drops.Add(DropReason.HandshakeCrossed);
        return true;
    }

    private bool HasRoomToAnswer()
    {
        if (!shared.Outbox.HasRoom)
            shared.Drops.Add(DropReason.TooManyHandshakes);
        return shared.Outbox.HasRoom;
    }

    private Arrival Arrive(MonoTime now, NetAddress from)
    {
        if (now - _intervalStart >= NodeLimits.LoadInterval)
        {
            _intervalStart = now;
            _inInterval = 0;
        }

        return new(from, now, _inInterval >= NodeLimits.HandshakesBeforeLoad);
    }

    /// <summary>What costs no more than one hash is no load: else whoever does not even know this node's key could have cookies asked for.</summary>
    private void Count(InitiationOutcome outcome)
    {
        if (outcome is not (InitiationOutcome.Malformed or InitiationOutcome.WrongMac or InitiationOutcome.Replayed))
            _inInterval++;
    }

    private void Finish(NetAddress from, InitiationOutcome outcome, int length)
    {
        switch (outcome)
        {
            case InitiationOutcome.Accepted:
                break;
            case InitiationOutcome.CookieSent:
                shared.Drops.Add(DropReason.CookieDemanded);
                break;
            case InitiationOutcome.Replayed:
                shared.Drops.Add(DropReason.HandshakeReplayed);
                break;
            case InitiationOutcome.NoCommonVersion or InitiationOutcome.NoCommonCipher:
                shared.Drops.Add(DropReason.NoCommonVersion);
                break;
            case InitiationOutcome.TokenRefused:
                shared.Drops.Add(DropReason.TokenRefused);
                break;
            default:
                shared.Drops.Add(DropReason.HandshakeRefused);
                break;
        }

        if (length > 0)
            shared.Outbox.Add(from, length);
    }
}
