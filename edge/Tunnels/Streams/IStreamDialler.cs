using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// Calls targets for an exit, by its policy: real sockets, or simulated ones. It answers every call once, on the loop's thread, perhaps
/// from inside the call, by <see cref="TunnelExit.HandleConnected"/> or <see cref="TunnelExit.HandleRefused"/>.
/// </summary>
internal interface IStreamDialler
{
    /// <summary>False when as many calls are under way as may be.</summary>
    bool TryDial(Node node, MonoTime now, StreamConnection connection, NodeId from, TunnelTarget target);
}
