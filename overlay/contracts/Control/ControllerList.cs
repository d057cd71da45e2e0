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

    internal static bool TryRead(ref MessagePackReader reader, out IReadOnlyList<string> controllers) =>
        ControlFormat.TryReadList(ref reader, TryReadAddress, ControlLimits.MaxControllers, out controllers);

    internal static void Write(ref MessagePackWriter writer, IReadOnlyList<string> controllers)
    {
        writer.WriteArrayHeader(controllers.Count);
        foreach (var controller in controllers)
            writer.WriteString(controller);
    }

    private static bool TryReadAddress(ref MessagePackReader reader, out string controller) =>
        ControlFormat.TryReadText(ref reader, ControlLimits.MaxControllerAddress, out controller) && IsAddress(controller);
}
