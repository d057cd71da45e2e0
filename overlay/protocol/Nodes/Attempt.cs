using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Nodes;

/// <summary>A handshake with a member that this node has begun: the initiation, and when it goes out again.</summary>
internal sealed class Attempt(Peer peer, NodeInitiator initiator, MonoTime now) : IDisposable
{
    public Peer Peer { get; } = peer;

    public NodeInitiator Initiator { get; } = initiator;

    public MonoTime StartedAt { get; } = now;

    public int Sends { get; set; }

    /// <summary>When the initiation went out last.</summary>
    public MonoTime SentAt { get; set; } = now;

    public Duration Interval { get; set; } = NodeLimits.InitiationRetry;

    public MonoTime NextSendAt { get; set; } = now;

    public void Dispose() => Initiator.Dispose();
}
