using Microsoft.Extensions.Logging;

namespace WeCan.Runtime.Access;

/// <summary>What a node logs of who may come to the bus. Event ids 1150 to 1159.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(1150, LogLevel.Error, "The keys of clients' tokens cannot be kept on the disk: {Why}")]
    public static partial void NotKept(ILogger log, string why);

    [LoggerMessage(1151, LogLevel.Information, "The keys of clients' tokens are kept on the disk again")]
    public static partial void KeptAgain(ILogger log);

    [LoggerMessage(1152, LogLevel.Warning, "The keys of clients' tokens in {Path} cannot be used ({Why}) and are set aside as {Aside}: the controller sends them anew")]
    public static partial void SetAside(ILogger log, string path, string why, string aside);
}
