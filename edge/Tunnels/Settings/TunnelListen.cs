using System.Net;
using WeCan.Edge.Tunnels.Policy;

namespace WeCan.Edge.Tunnels.Settings;

/// <summary>Where a tunnel begins: a TCP or a UDP port of this machine.</summary>
internal sealed record TunnelListen(TunnelProtocol Protocol, IPEndPoint At)
{
    public override string ToString() => $"{(Protocol == TunnelProtocol.Tcp ? "tcp" : "udp")}://{At}";
}
