using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WeCan.Edge.Tunnels;

/// <summary>Where a tunnel's traffic goes behind its exit: an address or a host name, in small letters, and a port.</summary>
internal sealed record TunnelTarget(string Host, IPAddress? Address, ushort Port)
{
    /// <summary>What stands for people where the text names no target; what another edge wrote is not repeated.</summary>
    public const string Unreadable = "what is no host and port";

    private const int MaxHost = 253;

    /// <summary>Reads "10.0.0.5:5432", "[2001:db8::5]:5432" or "db.example:5432", as another edge or an operator wrote it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TunnelTarget target)
    {
        target = null!;
        if (text.Length > TunnelLimits.MaxTarget || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        var whole = Encoding.ASCII.GetString(text);
        var colon = whole.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(whole.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = whole[..colon].ToLowerInvariant();
        if (!TryParseHost(host, out var address))
            return false;
        target = new TunnelTarget(address?.ToString() ?? host, address, port);
        return true;
    }

    public override string ToString() => Address is { AddressFamily: AddressFamily.InterNetworkV6 } ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>False for what is neither an address, in brackets if it is IPv6's, nor a name of letters, digits, hyphens and dots.</summary>
    private static bool TryParseHost(string host, out IPAddress? address)
    {
        address = null;
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            return !host.Contains('%') && IPAddress.TryParse(host, out address) && address is { AddressFamily: AddressFamily.InterNetworkV6 } && !address.IsIPv4MappedToIPv6;
        }

        if (host.Length > MaxHost || host.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-._"))
            return false;

        // The platform also takes "1", "0x7f.1" and octal "0300.0.2.1" for addresses, and so do resolvers: none of them is a name here.
        if (IPAddress.TryParse(host, out address))
            return address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == host;
        return host.Split('.').All(label => label.Length is > 0 and <= 63) && !char.IsAsciiDigit(host[host.LastIndexOf('.') + 1]);
    }
}
