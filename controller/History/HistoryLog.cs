using Microsoft.Extensions.Logging;

namespace WeCan.Controller.History;

/// <summary>What a controller logs about the past that it keeps. Event ids 340 to 349.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(340, LogLevel.Warning, "{Sentence}")]
    public static partial void SetAside(ILogger log, string sentence);

    [LoggerMessage(341, LogLevel.Error, "The history of the network cannot be written, and has a gap until it can; all else goes on: {Why}")]
    public static partial void NotKept(ILogger log, string why);

    [LoggerMessage(342, LogLevel.Information, "The history of the network is written again")]
    public static partial void KeptAgain(ILogger log);

    [LoggerMessage(343, LogLevel.Error, "No history of the network is kept, as its folder cannot be used; all else goes on: {Why}")]
    public static partial void Without(ILogger log, string why);
}
