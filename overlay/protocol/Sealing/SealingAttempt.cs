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

    public void Dispose() => Initiator.Dispose();
}
