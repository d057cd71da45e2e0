using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>
/// Finds targets of datagram sessions for an exit, by its policy, and opens sockets to them: real or simulated. It answers every call
/// once, on the loop's thread, perhaps from inside the call, by <see cref="DatagramExit.HandleFound"/> or <see cref="DatagramExit.HandleRefused"/>.
/// </summary>
internal interface IDatagramDialler
{
    /// <summary>False when as many calls are under way as may be.</summary>
    bool TryFind(Node node, MonoTime now, ExitSession session, NodeId from, TunnelTarget target);
}
