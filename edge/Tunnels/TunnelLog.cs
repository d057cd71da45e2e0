using Microsoft.Extensions.Logging;

namespace WeCan.Edge.Tunnels;

/// <summary>What tunnels log. Event ids 1320 to 1339.</summary>
internal static partial class TunnelLog
{
    [LoggerMessage(1320, LogLevel.Information, "Tunnel {Listen} leads to {Target} by edge {Exit}")]
    public static partial void Opened(ILogger log, string listen, string target, string exit);

    [LoggerMessage(1321, LogLevel.Information, "Tunnel {Listen} takes nothing new")]
    public static partial void Closed(ILogger log, string listen);

    [LoggerMessage(1322, LogLevel.Error, "Tunnel {Listen} was not opened: {Why}")]
    public static partial void NotOpened(ILogger log, string listen, string why);

    [LoggerMessage(1323, LogLevel.Information, "As an exit this edge lets out what {Rules} rules allow")]
    public static partial void PolicyChanged(ILogger log, int rules);

    [LoggerMessage(1325, LogLevel.Warning, "As an exit this edge did not lead node {From} to {Target}: {Why}")]
    public static partial void NotLetOut(ILogger log, string from, string target, string why);

    [LoggerMessage(1326, LogLevel.Warning, "Nothing was led through the tunnel to {Target}: {Why}")]
    public static partial void NotLed(ILogger log, string target, string why);

    [LoggerMessage(1324, LogLevel.Error, "The tunnels of commands in {Path} cannot be used ({Why}) and are set aside as {Aside}: add them again")]
    public static partial void SetAside(ILogger log, string path, string why, string aside);
}
