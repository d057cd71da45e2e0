using WeCan.Contracts;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Nodes;

/// <summary>One link of a node as an operator sees it: a copy, taken by the loop that drives the node.</summary>
/// <param name="Peer">The member at the other end; none for a client's link.</param>
/// <param name="Client">The client at the other end; none for a member's link.</param>
/// <param name="Address">Where the peer's newest datagram came from.</param>
/// <param name="Rtt">Smoothed round-trip time; zero before the first measurement.</param>
/// <param name="MinRtt">The smallest round trip of the last seconds.</param>
/// <param name="Jitter">How differently packets are spaced at receipt and at sending (RFC 3550).</param>
/// <param name="Bandwidth">What the path was seen to carry; zero before the first measurement.</param>
/// <param name="DatagramSize">The largest datagram in use.</param>
/// <param name="KeyGeneration">How often the keys were changed.</param>
/// <param name="Counters">What the link has done.</param>
public readonly record struct LinkStatus(
    NodeId Peer, ClientId Client, NetAddress Address, Duration Rtt, Duration MinRtt, Duration Jitter, Bandwidth Bandwidth, int DatagramSize, uint KeyGeneration, LinkCounters Counters)
{
    /// <summary>How often this side shows life.</summary>
    public LinkPace Pace { get; init; }

    /// <summary>When the peer was last heard.</summary>
    public MonoTime HeardAt { get; init; }

    /// <summary>The peer has been silent for longer than it promised, and is being asked.</summary>
    public bool IsSilent { get; init; }

    /// <summary>From when on the link counts as proven; when it was made, unless the link before it died.</summary>
    public MonoTime ProvenAt { get; init; }

    /// <summary>The share of the peer's datagrams that was lost lately, 0 to 1.</summary>
    public double LossFrom { get; init; }

    /// <summary>How many of them were lost in a row, on average.</summary>
    public double BurstFrom { get; init; }

    /// <summary>The share of this side's datagrams that the peer missed, as the peer says.</summary>
    public double LossTo { get; init; }

    public double BurstTo { get; init; }
}
