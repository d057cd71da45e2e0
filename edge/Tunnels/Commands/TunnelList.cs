namespace WeCan.Edge.Tunnels.Commands;

/// <summary>The tunnels of commands on an edge's disk.</summary>
internal sealed record TunnelList(IReadOnlyList<TunnelOrder> Tunnels);
