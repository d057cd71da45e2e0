using Microsoft.Extensions.Logging;

namespace WeCan.Runtime.Daemons;

/// <summary>What every daemon of the overlay logs. Event ids 1100 to 1109.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(1100, LogLevel.Information, "Node {Number} ({Role}) of network {Network} is at {Address}, life {Epoch}")]
    public static partial void Started(ILogger log, int number, string role, string network, string address, uint epoch);

    [LoggerMessage(1101, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(ILogger log, string notice);

    [LoggerMessage(1102, LogLevel.Information, "Link to node {Node} at {Address} stands")]
    public static partial void LinkUp(ILogger log, string node, string address);

    [LoggerMessage(1103, LogLevel.Warning, "Link to node {Node} at {Address} is down: {Why}")]
    public static partial void LinkDown(ILogger log, string node, string address, string why);

    [LoggerMessage(1104, LogLevel.Information, "The membership of {Members} comes from the disk, at {Version}")]
    public static partial void FromDisk(ILogger log, int members, string version);

    [LoggerMessage(1105, LogLevel.Warning, "No membership is known yet, as no controller was reached: the daemon runs, and is not ready")]
    public static partial void NotReadyYet(ILogger log);

    [LoggerMessage(1106, LogLevel.Warning, "Commands such as status cannot ask this daemon: {Why}")]
    public static partial void NotAskable(ILogger log, string why);
}
