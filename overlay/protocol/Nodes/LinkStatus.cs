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
    NodeId Peer, ClientId Client, NetAddress Address, Duration Rtt, Duration MinRtt, Duration Jitter, Bandwidth Bandwidth, int DatagramSize, uint KeyGeneration, LinkCounters Counters);
