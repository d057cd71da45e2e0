using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>The Realtime flows to a node that take one route went over to another, by this edge's own evidence.</summary>
public readonly record struct PathMove(MonoTime At, NodeId Destination, int From, int To, PathMoveReason Reason);
