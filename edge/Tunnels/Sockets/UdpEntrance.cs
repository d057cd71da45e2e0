using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>A UDP port of this edge: datagrams that come in go to the tunnel's target, and its answers to whom they are for.</summary>
internal sealed class UdpEntrance : DatagramSocket, IDatagramLocal
{
    private readonly SocketSet _set;
    private readonly DatagramEntry _entry;
    private readonly DatagramEntryPort _port;

    public UdpEntrance(Socket socket, bool listensOnAll, SocketSet set, DatagramEntry entry, DatagramTunnel tunnel, int number)
        : base(socket, listensOnAll)
    {
        (_set, _entry) = (set, entry);
        _port = new DatagramEntryPort(tunnel, this, number);
    }

    public void Close()
    {
        _entry.Close(_port);
        _set.Remove(this);
    }

    protected override void OnDatagram(Node node, MonoTime now, NetAddress from, ReadOnlySpan<byte> payload) =>
        _entry.HandleLocal(node, now, _port, from, payload);
}
