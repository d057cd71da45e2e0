using Microsoft.Extensions.Logging;

namespace WeCan.Runtime.Control;

/// <summary>What a node logs of its life with controllers. Event ids 1110 to 1129.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1110, LogLevel.Information, "Enrolled as node {Number} of network {Network} at {Controller}")]
    public static partial void Enrolled(ILogger log, int number, string network, string controller);

    [LoggerMessage(1111, LogLevel.Warning, "No controller lets this node in yet: {Why}")]
    public static partial void EnrolmentWaits(ILogger log, string why);

    [LoggerMessage(1112, LogLevel.Warning, "{File} is damaged and was set aside as {Aside} ({Why}): the membership is asked for anew")]
    public static partial void MembershipSetAside(ILogger log, string file, string aside, string why);

    [LoggerMessage(1113, LogLevel.Information, "Connected to controller {Name} at {Address} by {Transport}")]
    public static partial void Connected(ILogger log, string name, string address, ControlTransport transport);

    [LoggerMessage(1114, LogLevel.Warning, "The session with {Address} is over: {Why}")]
    public static partial void SessionOver(ILogger log, string address, string why);

    [LoggerMessage(1115, LogLevel.Warning, "No controller takes this node's session: {Why}")]
    public static partial void NoController(ILogger log, string why);

    [LoggerMessage(1116, LogLevel.Error, "This node is no member any more, so the controller at {Address} says: {Why}")]
    public static partial void NotAMember(ILogger log, string address, string why);

    [LoggerMessage(1117, LogLevel.Warning, "This machine's clock is {Difference} {Direction} the controller's: members and certificates are judged by the controller's, and the machine's should be put right")]
    public static partial void ClockIsOff(ILogger log, string difference, string direction);

    [LoggerMessage(1118, LogLevel.Information, "The certificate was renewed and is good until {End}")]
    public static partial void Renewed(ILogger log, DateTimeOffset end);

    [LoggerMessage(1119, LogLevel.Warning, "The certificate, which ends at {End}, was not renewed: {Why}")]
    public static partial void NotRenewed(ILogger log, DateTimeOffset end, string why);

    [LoggerMessage(1120, LogLevel.Error, "What the controller said could not be kept, and is kept in memory only: {Why}")]
    public static partial void NotKept(ILogger log, string why);

    [LoggerMessage(1121, LogLevel.Information, "Controllers are known from now on by {Authorities}")]
    public static partial void Trusts(ILogger log, string authorities);
}
