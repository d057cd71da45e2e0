namespace WeCan.Edge.Tunnels.Commands;

/// <summary>The tunnels that begin at an edge.</summary>
internal sealed record TunnelsReport(IReadOnlyList<TunnelState> Tunnels);
