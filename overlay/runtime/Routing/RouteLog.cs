using Microsoft.Extensions.Logging;

namespace WeCan.Runtime.Routing;

/// <summary>What a node logs of its routes. Event ids 1140 to 1149.</summary>
internal static partial class RouteLog
{
    [LoggerMessage(1140, LogLevel.Error, "The routes cannot be kept on the disk: {Why}")]
    public static partial void NotKept(ILogger log, string why);

    [LoggerMessage(1141, LogLevel.Information, "The routes are kept on the disk again")]
    public static partial void KeptAgain(ILogger log);

    [LoggerMessage(1142, LogLevel.Warning, "The routes in {Path} cannot be used ({Why}) and are set aside as {Aside}: the controller sends them anew")]
    public static partial void SetAside(ILogger log, string path, string why, string aside);

    [LoggerMessage(1143, LogLevel.Warning, "A way to node {Node} cannot be taken: no packet of this node can carry it")]
    public static partial void NotTaken(ILogger log, string node);

    [LoggerMessage(1144, LogLevel.Information, "Begins with the ways to {Count} nodes that were on the disk, {Version}")]
    public static partial void FromDisk(ILogger log, int count, string version);
}
