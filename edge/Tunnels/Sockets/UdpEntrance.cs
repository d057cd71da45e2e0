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
    private readonly TunnelTraffic _traffic;

    public UdpEntrance(Socket socket, bool listensOnAll, SocketSet set, DatagramEntry entry, DatagramTunnel tunnel, int number, TunnelTraffic traffic)
        : base(socket, listensOnAll)
    {
        (_set, _entry, _traffic) = (set, entry, traffic);
        _port = new DatagramEntryPort(tunnel, this, number);
    }

    public int Sessions => _port.Sessions.Count;

    public void Close()
    {
        _entry.Close(_port);
        _set.Remove(this);
    }

    bool IDatagramLocal.TrySend(NetAddress to, ReadOnlySpan<byte> payload)
    {
        if (!TrySend(to, payload))
            return false;
        _traffic.BytesOut += payload.Length;
        return true;
    }

    protected override void OnDatagram(Node node, MonoTime now, NetAddress from, ReadOnlySpan<byte> payload)
    {
        _traffic.BytesIn += payload.Length;
        _entry.HandleLocal(node, now, _port, from, payload);
    }
}
