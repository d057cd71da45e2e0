using Microsoft.Extensions.Logging;

namespace WeCan.Edge.Dev;

/// <summary>What an edge on a developer's desk logs. Event ids 1300 to 1304.</summary>
internal static partial class DeskLog
{
    [LoggerMessage(1300, LogLevel.Information, "A network for this desk: its controller is at {Controller}, its state in {Folder}; to let a relay in, make a token with `wecan-controller token create --data {Data} --role relay`, and run `wecan-relay enrol --controllers {At} --token TOKEN --data FOLDER` with it")]
    public static partial void Stands(ILogger log, string controller, string folder, string data, string at);
}
