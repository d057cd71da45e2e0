using Microsoft.Extensions.Logging;
using WeCan.MessageBus.Protocol.Tokens;

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

    [LoggerMessage(1606, LogLevel.Information, "Clients are let in by tokens of {Count} keys that the controller has said, but for {Revocations} revocations ({Version}).")]
    public static partial void Access(ILogger log, int count, int revocations, string version);

    [LoggerMessage(1607, LogLevel.Warning, "The key {Key} in the file at bus.keys is another one than the controller's of this name, which counts: give it another name.")]
    public static partial void KeyTwice(ILogger log, string key);

    [LoggerMessage(1608, LogLevel.Information, "Client {Space}/{Client} is let go of, as its token is no good any more: {Fault}.")]
    public static partial void ClientRevoked(ILogger log, string space, string client, TokenFault fault);

    [LoggerMessage(1604, LogLevel.Error, "The keys of clients' tokens stay as they are: {Problem}")]
    public static partial void KeysNotRead(ILogger log, string problem);

    [LoggerMessage(1605, LogLevel.Information, "Clients connect to {Address}")]
    public static partial void Address(ILogger log, string address);
}
