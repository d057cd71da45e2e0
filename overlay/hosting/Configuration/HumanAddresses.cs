using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WeCan.Hosting.Configuration;

/// <summary>Addresses as people write them. Port 0 means "any free port", which is for listening in tests and labs.</summary>
internal static class HumanAddresses
{
    private const string NoHost = "it is no host name, write name and port only, as in \"controller.example:7443\"";

    public static string? ParseEndPoint(string text, out IPEndPoint value)
    {
        value = new IPEndPoint(IPAddress.None, 0);
        if (SplitPort(text, out var host, out var port) is { } wrong)
            return wrong;
        if (host.Length == 0 || host == "*")
            return $"it names no address, write \"[::]:{port}\" for all addresses or \"127.0.0.1:{port}\" for this machine only";
        if (host.Contains(':') && !text.StartsWith('['))
            return $"an IPv6 address stands in brackets, write \"[{host}]:{port}\"";
        if (host == "localhost")
            return $"a name does not say which address family, write \"127.0.0.1:{port}\" or \"[::1]:{port}\"";

        // The platform also takes "1", "0x7f.1" and octal "0300.0.2.1" for IPv4 addresses: a typing error must not be one.
        if (!IPAddress.TryParse(host, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != host))
            return $"\"{host}\" is no IP address, write it as in \"192.0.2.1:{port}\" or \"[2001:db8::1]:{port}\"";
        value = new IPEndPoint(address, port);
        return null;
    }

    public static string? ParseHost(string text, out DnsEndPoint value)
    {
        value = new DnsEndPoint("invalid", 0);
        if (text.Contains("://", StringComparison.Ordinal))
            return NoHost;
        if (SplitPort(text, out var host, out var port) is { } wrong)
            return wrong;
        if (port == 0)
            return "nothing listens on port 0, write the port that it does listen on";
        if (host.Contains(':') && !text.StartsWith('['))
            return $"an IPv6 address stands in brackets, write \"[{host}]:{port}\"";
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return NoHost;
        value = new DnsEndPoint(host, port);
        return null;
    }

    public static string FormatHost(DnsEndPoint host) => host.Host.Contains(':') ? $"[{host.Host}]:{host.Port}" : $"{host.Host}:{host.Port}";

    private static string? SplitPort(string text, out string host, out ushort port)
    {
        var colon = text.LastIndexOf(':');
        (host, port) = (text, 0);
        if (colon < 0 || text.EndsWith(']'))
            return $"the port is missing, write it behind a colon, as in \"{text}:7000\"";
        host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        return ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            ? null
            : $"\"{text[(colon + 1)..]}\" is no port, write a number from 1 to 65535 behind the colon";
    }
}
