using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>The socket of one session at its exit, so that the target knows each program by a port of its own.</summary>
internal sealed class UdpTarget(Socket socket, SocketSet set, DatagramExit exit, ExitSession session) : DatagramSocket(socket, listensOnAll: false), IDatagramLocal
{
    public void Close() => set.Remove(this);

    protected override void OnDatagram(Node node, MonoTime now, NetAddress from, ReadOnlySpan<byte> payload) =>
        exit.HandleTarget(node, now, session, payload);
}
