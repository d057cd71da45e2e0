using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>A link in its node: whose it is, and where it stands in the schedule.</summary>
internal sealed class LinkSlot
{
    public LinkSlot(Link link, Peer? peer, MonoTime madeAt)
    {
        (Link, Peer, PendingUntil) = (link, peer, madeAt + NodeLimits.PendingLinkTimeout);
        Ticket = new(this);
    }

    public Link Link { get; }

    /// <summary>The member at the other end; null for a client's link.</summary>
    public Peer? Peer { get; }

    /// <summary>What the client at the other end may; nothing for a member's link.</summary>
    public ClientGrant Grant { get; init; }

    /// <summary>The client at the other end; none for a member's link.</summary>
    public ClientId Client => Grant.Client;

    /// <summary>Where the client is, once it is up; none for a member.</summary>
    public ClientPlace Place { get; init; }

    /// <summary>The transport waits for room on this client's link.</summary>
    public bool IsShut { get; set; }

    /// <summary>The session that a client's link is the newest of, or was.</summary>
    public AdmittedClient? Admitted { get; set; }

    /// <summary>When a link that is still pending is given up.</summary>
    public MonoTime PendingUntil { get; }

    /// <summary>The responder's link before the initiator's first data packet: it changes nothing yet.</summary>
    public bool IsPending { get; set; }

    /// <summary>When the link has lived long enough after its forerunner's death to be relied on.</summary>
    public MonoTime ProvenAt { get; set; }

    /// <summary>
    /// Whether packets should take this link: one that is not proven carries them only where there is no other way. The
    /// first link to a member is proven at once.
    /// </summary>
    public bool IsProven(MonoTime now) => !IsPending && now >= ProvenAt;

    public bool IsReady { get; set; }

    /// <summary>Its place among those that wait for the node's uplink.</summary>
    public ShaperTicket Ticket { get; }

    /// <summary>The place in the heap of timeouts, or -1.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>When the heap will wake it.</summary>
    public MonoTime WakesAt { get; set; } = MonoTime.Never;

    /// <summary>When the link has something to do; one that is pending waits no longer than <see cref="PendingUntil"/>.</summary>
    public MonoTime NextTimeout(MonoTime now, bool inLine = false) =>
        MonoTime.Min(Link.NextTimeout(now, inLine), IsPending ? PendingUntil : MonoTime.Never);

    public LinkStatus Inspect() => new(
        Peer?.Id ?? NodeId.None,
        Client,
        Link.PeerAddress,
        Link.Rtt.Smoothed,
        Link.Rtt.Min,
        Link.Rtt.Jitter,
        Link.Bandwidth,
        Link.DatagramSize,
        Link.KeyGeneration,
        Link.Counters)
    {
        Pace = Link.Liveness.Pace,
        HeardAt = Link.Liveness.HeardAt,
        IsSilent = Link.Liveness.IsProbing,
        ProvenAt = ProvenAt,
        LossFrom = Link.Liveness.LossFrom,
        BurstFrom = Link.Liveness.BurstFrom,
        LossTo = Link.Liveness.LossTo,
        BurstTo = Link.Liveness.BurstTo,
    };
}
