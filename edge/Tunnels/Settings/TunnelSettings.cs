using WeCan.Edge.Tunnels.Policy;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Tunnels.Settings;

/// <summary>The tunnels that begin at this edge, and what it lets out as others' exit. All of it can be changed while the edge runs.</summary>
internal sealed record TunnelSettings
{
    public static readonly TunnelSettings None = new() { Tunnels = [], Policy = TunnelPolicy.Nothing };

    public required IReadOnlyList<TunnelEntrance> Tunnels { get; init; }

    public required TunnelPolicy Policy { get; init; }

    public static TunnelSettings Read(ConfigReader read)
    {
        var tunnels = read.Sections("tunnels", TunnelEntrance.Read, live: true);
        var policy = read.Section("tunnel_policy", section => new TunnelPolicy(section.Sections("allow", ReadRule)), live: true);
        read.Require(tunnels.Count <= TunnelLimits.MaxTunnels, "tunnels", $"has {tunnels.Count} entries: write at most {TunnelLimits.MaxTunnels}");
        var twice = tunnels.GroupBy(tunnel => tunnel.Listen).FirstOrDefault(same => same.Key.At.Port != 0 && same.Count() > 1);
        read.Require(twice is null, "tunnels", $"has two tunnels that listen at {twice?.Key}: give each a port of its own");
        return new TunnelSettings { Tunnels = tunnels, Policy = policy };
    }

    private static AllowRule ReadRule(ConfigReader read)
    {
        var from = read.Values("from", TunnelKinds.From, "the edges that may, by number or name, or \"*\" for all");
        var targets = read.Required("target", TunnelKinds.Targets, "what they may reach: an address, a range of them or a host name, with a port, a range of ports, or \"*\"");
        var protocol = read.Optional("protocol", TunnelKinds.Protocol, "\"tcp\" or \"udp\"; both unless given");
        read.Require(from.Count > 0, "from", "names nobody: write the edges that may, or [\"*\"] for all");
        var isAll = from.Any(name => name == TunnelKinds.Everybody);
        read.Require(!isAll || from.Count == 1, "from", "has \"*\" beside others: write either");
        return targets with { From = isAll ? [] : [.. from.Select(TunnelKinds.EdgeOf)], Protocol = protocol is null ? null : protocol == "udp" ? TunnelProtocol.Udp : TunnelProtocol.Tcp };
    }
}
