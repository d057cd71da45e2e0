using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>What an edge counts of Realtime packets to and from another node since it began, for inspection, in flows to it alone and to many.</summary>
/// <param name="Peer">The other node.</param>
/// <param name="Offered">Packets that applications gave for it.</param>
/// <param name="Sent">Those that left this node, each once. Of flows to many both are told some seconds later.</param>
/// <param name="Expected">Packets that it had offered for this node, as far as the numbers of those that came show.</param>
/// <param name="InTime">Packets that came from it before their deadline, each once.</param>
/// <param name="Late">Those that came after it.</param>
/// <param name="Delivered">Packets of messages that applications took before their deadline.</param>
/// <param name="Delay">From Send to arrival there, the mean of late; zero where that is not known now, as of flows to many.</param>
public readonly record struct PairStatus(NodeId Peer, long Offered, long Sent, long Expected, long InTime, long Late, long Delivered, Duration Delay);
