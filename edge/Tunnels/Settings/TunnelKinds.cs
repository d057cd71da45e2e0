using System.Globalization;
using System.Net;
using System.Text;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Tunnels.Settings;

/// <summary>The kinds of values that tunnels are written with.</summary>
internal static class TunnelKinds
{
    public const string Everybody = "*";

    public static ValueKind<TunnelListen> Listen { get; } = new("a protocol, an address and a port", "tcp://127.0.0.1:5432", ParseListen, listen => listen.ToString());

    public static ValueKind<EdgeName> Exit { get; } = new("an edge's number or name", "edge-a", ParseEdge, edge => edge.ToString());

    public static ValueKind<string> From { get; } = new("an edge's number or name, or \"*\"", "edge-a", ParseFrom, text => text);

    public static ValueKind<TunnelTarget> Target { get; } = new("a host with a port", "10.0.0.5:5432", ParseTarget, target => target.ToString());

    /// <summary>A rule but for whom it is for.</summary>
    public static ValueKind<AllowRule> Targets { get; } = new("addresses or a host name, with ports", "10.0.0.0/8:5432", ParseTargets, FormatTargets);

    public static ValueKind<string> Protocol { get; } = new("\"tcp\" or \"udp\"", "tcp", (string text, out string value) => ParseOneOf(text, out value, "tcp", "udp"), text => text);

    public static ValueKind<string> Class { get; } = new("\"bulk\" or \"signal\"", "bulk", (string text, out string value) => ParseOneOf(text, out value, "bulk", "signal"), text => text);

    public static ValueKind<TimeSpan> Deadline { get; } = ValueKinds.Duration.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));

    public static ValueKind<long> Priority { get; } = ValueKinds.Integer.Between(0, 7);

    public static ValueKind<long> Paths { get; } = ValueKinds.Integer.Between(1, 2);

    public static EdgeName EdgeOf(string text) => EdgeName.TryParse(text, out var edge) ? edge : throw new ArgumentException($"\"{text}\" names no edge.", nameof(text));

    private static string? ParseListen(string text, out TunnelListen value)
    {
        value = new TunnelListen(TunnelProtocol.Tcp, new IPEndPoint(IPAddress.None, 0));
        var isUdp = text.StartsWith("udp://", StringComparison.Ordinal);
        if (!isUdp && !text.StartsWith("tcp://", StringComparison.Ordinal))
            return "it does not begin with \"tcp://\" or \"udp://\"";
        var address = text["tcp://".Length..];
        if (!IPEndPoint.TryParse(address, out var at) || address.LastIndexOf(':') <= 0 || address.EndsWith(']') || at.ToString() != address)
            return "the address and port are not right, write as in \"tcp://127.0.0.1:5432\" or \"udp://[::]:5000\"";
        value = new TunnelListen(isUdp ? TunnelProtocol.Udp : TunnelProtocol.Tcp, at);
        return null;
    }

    private static string? ParseEdge(string text, out EdgeName value) =>
        EdgeName.TryParse(text, out value) && text != Everybody ? null : "it is no number from 1 to 65535 and no name";

    private static string? ParseFrom(string text, out string value)
    {
        value = text;
        return text == Everybody ? null : ParseEdge(text, out _);
    }

    private static string? ParseTarget(string text, out TunnelTarget value) => TunnelTarget.TryParse(Encoding.UTF8.GetBytes(text), out value)
        ? null
        : "write a host name or an address and a port, as in \"db.example:5432\", \"10.0.0.5:5432\" or \"[2001:db8::5]:5432\"";

    private static string? ParseTargets(string text, out AllowRule value)
    {
        value = new AllowRule([], null, null, 1, ushort.MaxValue, null);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || text.EndsWith(']') || !TryParsePorts(text[(colon + 1)..], out var first, out var last))
            return "the ports are not right, write behind a colon one as in \"10.0.0.0/8:5432\", a range as in \"10.0.0.5:8000-8099\", or \"*\"";
        value = value with { FirstPort = first, LastPort = last };
        var host = text[..colon];
        if (host.Contains('/'))
        {
            // The platform also takes a range with bits behind its prefix, and takes them away: whoever wrote it meant something else.
            var range = host.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
            if (!IPNetwork.TryParse(range, out var network) || !IPAddress.TryParse(range[..range.IndexOf('/', StringComparison.Ordinal)], out var written) || !written.Equals(network.BaseAddress))
                return "the range is not right, write it with all bits behind the prefix 0, as in \"10.0.0.0/8:5432\" or \"[2001:db8::]/32:5432\"";
            value = value with { Network = network };
            return null;
        }

        if (!TunnelTarget.TryParse(Encoding.UTF8.GetBytes($"{host}:1"), out var target))
            return "write an address, a range of them, or a host name before the port, as in \"10.0.0.0/8:5432\" or \"db.example:5432\"";
        value = target.Address is { } address
            ? value with { Network = new IPNetwork(address, address.GetAddressBytes().Length * 8) }
            : value with { Host = target.Host };
        return null;
    }

    private static bool TryParsePorts(string text, out ushort first, out ushort last)
    {
        (first, last) = (1, ushort.MaxValue);
        if (text == Everybody)
            return true;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return ushort.TryParse(dash < 0 ? text : text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && ushort.TryParse(dash < 0 ? text : text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out last)
            && first > 0 && first <= last;
    }

    private static string FormatTargets(AllowRule rule)
    {
        var host = rule.Host ?? (rule.Network!.Value is { BaseAddress: var address, PrefixLength: var bits } && address.ToString().Contains(':') ? $"[{address}]/{bits}" : rule.Network.Value.ToString());
        var ports = rule is { FirstPort: 1, LastPort: ushort.MaxValue } ? Everybody : rule.FirstPort == rule.LastPort ? $"{rule.FirstPort}" : $"{rule.FirstPort}-{rule.LastPort}";
        return $"{host}:{ports}";
    }

    private static string? ParseOneOf(string text, out string value, string one, string other)
    {
        value = text;
        return text == one || text == other ? null : $"write \"{one}\" or \"{other}\"";
    }
}
