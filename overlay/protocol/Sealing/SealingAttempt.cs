using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Sealing;

/// <summary>A handshake that this node has begun with a peer: the initiation, and when it goes out again.</summary>
internal sealed class SealingAttempt(NodeInitiator initiator, ulong counter) : IDisposable
{
    public NodeInitiator Initiator { get; } = initiator;

    public ulong Counter { get; } = counter;

    public int Sends { get; set; }

    public MonoTime LastSentAt { get; set; }

    public MonoTime NextSendAt { get; set; }

    /// <summary>It does not go out again before; an answer to what went out is taken all the while.</summary>
    public void RestUntil(MonoTime time) => NextSendAt = MonoTime.Max(NextSendAt, time);

    public void Dispose() => Initiator.Dispose();
}
