using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>What datagrams that share a flow have in common. <paramref name="Owner"/> keeps those of two listeners apart, so that neither fills the other's queue.</summary>
internal readonly record struct RealtimeRoute(NodeId Peer, byte Priority, Duration Deadline, int Paths, int Owner);
