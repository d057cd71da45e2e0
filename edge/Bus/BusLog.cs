using Microsoft.Extensions.Logging;

namespace WeCan.Edge.Bus;

/// <summary>What the bus of an edge tells its operator.</summary>
internal static partial class BusLog
{
    [LoggerMessage(1601, LogLevel.Debug, "Client {Space}/{Client} is connected from {Address}.")]
    public static partial void ClientUp(ILogger log, string space, string client, string address);

    [LoggerMessage(1602, LogLevel.Debug, "Client {Space}/{Client} is disconnected.")]
    public static partial void ClientDown(ILogger log, string space, string client);

    [LoggerMessage(1603, LogLevel.Information, "Clients are let in by tokens of {Count} keys from {File}.")]
    public static partial void Keys(ILogger log, int count, string file);

    [LoggerMessage(1604, LogLevel.Error, "The keys of clients' tokens stay as they are: {Problem}")]
    public static partial void KeysNotRead(ILogger log, string problem);

    [LoggerMessage(1605, LogLevel.Information, "Clients connect to {Address}")]
    public static partial void Address(ILogger log, string address);
}
