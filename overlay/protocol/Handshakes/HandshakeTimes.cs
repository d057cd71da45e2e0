using WeCan.Contracts;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The clocks' first comparison. <see cref="PeerMicroseconds"/> is the peer's clock when the initiation left it (as the responder sees it)
/// or reached it (as the initiator does). The other two are the initiator's alone: its own send time, sent back, and how long the responder held it.
/// </summary>
public readonly record struct HandshakeTimes(long PeerMicroseconds, long EchoMicroseconds, Duration Held)
{
    /// <summary>The peer's clock when its message left it, for the first time if the message was repeated.</summary>
    public long PeerSentMicroseconds => PeerMicroseconds + Held.Microseconds;

    /// <summary>
    /// For an initiator that sent its initiation once and got the response at <paramref name="now"/>. After a retransmission this
    /// counts from the first one, and is no measure. Never negative, whatever the responder says it held.
    /// </summary>
    public Duration RoundTrip(MonoTime now) =>
        Duration.Max(Duration.Zero, now - new MonoTime(EchoMicroseconds * 1_000) - Held);
}
