using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>Addresses of controllers, as "host:port" where the host is a name, an IPv4 address or an IPv6 address in brackets.</summary>
public static class ControllerList
{
    /// <summary>Whether this names a host and a port, each as they may be: not whether anybody is there.</summary>
    public static bool IsAddress(string? text)
    {
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || text!.Length > ControlLimits.MaxControllerAddress)
            return false;
        var port = text.AsSpan(colon + 1);
        if (port.IsEmpty || port.ContainsAnyExceptInRange('0', '9') || !ushort.TryParse(port, out var number) || number == 0)
            return false;
        var host = text.AsSpan(0, colon);
        return host[0] == '[' ? NetAddress.TryParse(text, out _) : !host.StartsWith("-") && !host.StartsWith(".") && ControlFormat.IsLabel(host, 253);
    }

    internal static bool TryRead(ref MessagePackReader reader, out IReadOnlyList<string> controllers)
    {
        controllers = [];
        if (!reader.TryReadArrayHeader(out var count) || count > ControlLimits.MaxControllers)
            return false;
        var all = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (!ControlFormat.TryReadText(ref reader, ControlLimits.MaxControllerAddress, out all[i]) || !IsAddress(all[i]))
                return false;
        }

        controllers = all;
        return true;
    }

    internal static void Write(ref MessagePackWriter writer, IReadOnlyList<string> controllers)
    {
        writer.WriteArrayHeader(controllers.Count);
        foreach (var controller in controllers)
            writer.WriteString(controller);
    }
}
