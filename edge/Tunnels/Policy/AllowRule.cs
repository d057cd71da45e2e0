using System.Net;

namespace WeCan.Edge.Tunnels.Policy;

/// <summary>
/// One thing that an exit lets out: from these edges (all where there are none), to a range of addresses or to a host by its name, on
/// these ports, by this protocol or either.
/// </summary>
internal sealed record AllowRule(IReadOnlyList<EdgeName> From, IPNetwork? Network, string? Host, ushort FirstPort, ushort LastPort, TunnelProtocol? Protocol);
