using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>A session as its exit knows it: whose it is, in which life, and the number that life gave it.</summary>
internal readonly record struct ExitSessionId(NodeId Entry, BootEpoch Epoch, uint Number);
