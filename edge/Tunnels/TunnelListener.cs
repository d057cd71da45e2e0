using System.Net;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Edge.Tunnels.Sockets;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels;

/// <summary>One tunnel that begins at this edge: it listens, or knows why it does not. On the loop's thread alone.</summary>
internal sealed class TunnelListener(TunnelEntrance tunnel, TunnelOrigin origin)
{
    public TunnelEntrance Tunnel { get; } = tunnel;

    public TunnelOrigin Origin { get; } = origin;

    public TunnelTraffic Traffic { get; } = new();

    /// <summary>Null while it does not listen.</summary>
    public LoopSocket? Socket { get; set; }

    /// <summary>Why it does not listen, as a sentence; empty while it does.</summary>
    public string Trouble { get; set; } = "";

    /// <summary>Connections or sessions that stand.</summary>
    public int Open => Socket is UdpEntrance datagrams ? datagrams.Sessions : Traffic.Connections;

    /// <summary>Where it listens, with the port that the system chose; a socket of both families shows IPv4 addresses in their mapped form, which no operator has written.</summary>
    public IPEndPoint? At
    {
        get
        {
            var at = (IPEndPoint?)Socket?.Socket.LocalEndPoint;
            return at is { Address.IsIPv4MappedToIPv6: true } ? new IPEndPoint(at.Address.MapToIPv4(), at.Port) : at;
        }
    }

    /// <summary>Both would listen at the same port; port 0 is each time another.</summary>
    public bool Collides(TunnelListen listen) => listen.At.Port != 0 && Tunnel.Listen == listen;
}
