namespace WeCan.Edge.Tunnels.Policy;

/// <summary>What a tunnel carries.</summary>
internal enum TunnelProtocol
{
    Tcp,
    Udp,
}
