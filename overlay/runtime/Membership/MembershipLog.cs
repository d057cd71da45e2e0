using Microsoft.Extensions.Logging;

namespace WeCan.Runtime.Membership;

/// <summary>What a node logs of its membership. Event ids 1130 to 1139.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(1130, LogLevel.Warning, "Member {Node} cannot be taken: it has another's key, or there are more members than the {Most} that this node has room for")]
    public static partial void NotTaken(ILogger log, string node, int most);

    [LoggerMessage(1131, LogLevel.Warning, "Multicasts to edge {Node} cannot be sent: there is no room for its set {Set}")]
    public static partial void NoEdgeIndex(ILogger log, string node, int set);

    [LoggerMessage(1132, LogLevel.Error, "The membership cannot be kept on the disk: {Why}")]
    public static partial void NotKept(ILogger log, string why);

    [LoggerMessage(1133, LogLevel.Information, "The membership is kept on the disk again")]
    public static partial void KeptAgain(ILogger log);
}
