using WeCan.Contracts;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// A member that this node may have a link with. At most three links stand at a time: the active one, one that this
/// node answered and that the other has not confirmed, and the attempt that this node has begun.
/// </summary>
internal sealed class Peer(NodeId id, Crypto.P256PublicKey key)
{
    public NodeId Id { get; } = id;

    /// <summary>What its next handshake must prove; a link that stands keeps the keys that it has. Set by the table alone.</summary>
    public Crypto.P256PublicKey Key { get; set; } = key;

    /// <summary>Where to begin a handshake; none where this node waits to be called.</summary>
    public PeerAddresses Addresses { get; } = new();

    /// <summary>The link in use; null while there is none.</summary>
    public LinkSlot? Active { get; set; }

    /// <summary>A link that this node answered; the initiator's first data packet makes it the active one.</summary>
    public LinkSlot? Pending { get; set; }

    /// <summary>The handshake that this node has begun.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>When this node begins a handshake on its own; Never while it has a link or an attempt, or waits to be called.</summary>
    public MonoTime DialAt { get; set; } = MonoTime.Never;

    /// <summary>When a packet last wanted a link to it and found none.</summary>
    public MonoTime WantedAt { get; set; } = new(long.MinValue / 2);

    /// <summary>What the deaths of its links so far mean for the next one.</summary>
    public Probation Probation;

    /// <summary>What routes want of the link to it.</summary>
    public LinkUse Use { get; set; }

    /// <summary>The newest initiation taken from this member: older ones, and copies, are refused.</summary>
    public BootEpoch NewestEpoch { get; set; }

    public ulong NewestCounter { get; set; }

    /// <summary>The last answer, for the same initiation to be answered alike while the link is pending.</summary>
    public byte[]? Answer { get; set; }

    public UInt128 AnsweredDigest { get; set; }

    public bool IsNewer(in NodeHello hello) =>
        hello.Epoch > NewestEpoch || (hello.Epoch == NewestEpoch && hello.Counter > NewestCounter);

    public void ForgetPending()
    {
        Pending = null;
        Answer = null;
    }
}
