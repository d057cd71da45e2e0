using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Policy;

/// <summary>
/// What this edge, as an exit, lets out: only what a rule names; nothing without rules. An address is judged after a name was resolved, so
/// that no name leads where its rule was not meant to: a rule for a name covers none of this machine's own and link-local addresses, a
/// rule for a range whatever lies in it. Immutable: a new one takes the old one's place.
/// </summary>
internal sealed record TunnelPolicy(IReadOnlyList<AllowRule> Rules)
{
    public static readonly TunnelPolicy Nothing = new([]);

    /// <summary>Whether both let out the same, as far as the words go.</summary>
    public bool IsSameAs(TunnelPolicy other) =>
        Rules.Count == other.Rules.Count && Rules.Zip(other.Rules).All(pair => pair.First with { From = [] } == pair.Second with { From = [] } && pair.First.From.SequenceEqual(pair.Second.From));

    public bool Allows(NodeId from, TunnelProtocol protocol, TunnelTarget target, IPAddress address, Func<string, NodeId> members)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var rule in Rules)
        {
            if ((rule.Protocol is null || rule.Protocol == protocol) && target.Port >= rule.FirstPort && target.Port <= rule.LastPort
                && Covers(rule, target, address) && IsFrom(rule, from, members))
                return true;
        }

        return false;
    }

    private static bool Covers(AllowRule rule, TunnelTarget target, IPAddress address)
    {
        if (rule.Network is { } network)
            return network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);
        return target.Address is null && rule.Host == target.Host && !IsPeculiar(address);
    }

    private static bool IsFrom(AllowRule rule, NodeId from, Func<string, NodeId> members)
    {
        if (rule.From.Count == 0)
            return true;
        foreach (var edge in rule.From)
        {
            var node = edge.Resolve(members);
            if (!node.IsNone && node == from)
                return true;
        }

        return false;
    }

    /// <summary>Addresses that mean this machine, its own segment (where clouds keep what a machine may know), nobody, or many.</summary>
    private static bool IsPeculiar(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6Multicast;
        var bytes = address.GetAddressBytes();
        return bytes[0] is 0 or 127 or >= 224 || (bytes[0] == 169 && bytes[1] == 254);
    }
}
