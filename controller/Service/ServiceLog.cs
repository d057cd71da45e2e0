using Microsoft.Extensions.Logging;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Service;

/// <summary>What a controller logs. Event ids 300 to 349.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(300, LogLevel.Information, "Network {Network} ({Id}) has {Members} members at {Version}; authority {Authority}")]
    public static partial void Serving(ILogger log, string network, string id, int members, string version, string authority);

    [LoggerMessage(301, LogLevel.Information, "Node {Node} joined as {Role} with token {Token}")]
    public static partial void Joined(ILogger log, NodeName node, string role, string token);

    [LoggerMessage(302, LogLevel.Warning, "An enrolment from {Address} was refused: {Why}")]
    public static partial void EnrolRefused(ILogger log, string address, string why);

    [LoggerMessage(303, LogLevel.Warning, "A connection from {Address} was refused: {Why}")]
    public static partial void ConnectionRefused(ILogger log, string address, string why);

    [LoggerMessage(304, LogLevel.Information, "Node {Node} connected from {Address} by {Transport}")]
    public static partial void Connected(ILogger log, NodeName node, string address, string transport);

    [LoggerMessage(305, LogLevel.Information, "Node {Node} went: {Why}")]
    public static partial void Went(ILogger log, NodeName node, string why);

    [LoggerMessage(306, LogLevel.Error, "The store refused a change, which is taken back; nodes are served from memory, and nothing changes until it is back: {Why}")]
    public static partial void StoreFailed(ILogger log, string why);

    [LoggerMessage(314, LogLevel.Information, "The store is back, and takes changes again")]
    public static partial void StoreBack(ILogger log);

    [LoggerMessage(315, LogLevel.Information, "Controller {Id} leads, by lease {Token}")]
    public static partial void Leads(ILogger log, string id, long token);

    [LoggerMessage(316, LogLevel.Warning, "Controller {Other} has taken over: this one stands by")]
    public static partial void Overtaken(ILogger log, string other);

    [LoggerMessage(317, LogLevel.Error, "{Why}")]
    public static partial void DatabaseAway(ILogger log, string why);

    [LoggerMessage(332, LogLevel.Warning, "Controller {Other} leads, and this one cannot reach the database: it stands by and sends its nodes there")]
    public static partial void LeadsElsewhere(ILogger log, string other);

    [LoggerMessage(333, LogLevel.Warning, "Nobody leads that can be reached: nodes are served from memory until the database answers")]
    public static partial void LeadsNowhere(ILogger log);

    [LoggerMessage(318, LogLevel.Information, "The database answers again")]
    public static partial void DatabaseBack(ILogger log);

    [LoggerMessage(319, LogLevel.Information, "Network {Network} ({Id}) is kept in the database {Database}; authority {Authority}")]
    public static partial void SharedServing(ILogger log, string network, string id, string database, string authority);

    [LoggerMessage(307, LogLevel.Information, "An operator did {What} {About}")]
    public static partial void OperatorDid(ILogger log, string what, string about);

    [LoggerMessage(308, LogLevel.Information, "The authority is being rotated: what {Outgoing} signed counts until \"wecan-controller authority retire\"")]
    public static partial void Rotating(ILogger log, string outgoing);

    [LoggerMessage(309, LogLevel.Warning, "The authority ends at {End:yyyy-MM-dd}: run \"wecan-controller authority rotate\" well before, as nothing it signed counts after that")]
    public static partial void AuthorityEnds(ILogger log, DateTime end);

    [LoggerMessage(310, LogLevel.Information, "Nodes can connect by QUIC, on UDP port {Port}")]
    public static partial void QuicOn(ILogger log, int port);

    [LoggerMessage(311, LogLevel.Information, "Nodes connect by WebSocket alone, as {Why}")]
    public static partial void QuicOff(ILogger log, string why);

    [LoggerMessage(312, LogLevel.Warning, "Nodes connect by WebSocket alone: {Why}")]
    public static partial void QuicFailed(ILogger log, string why);

    [LoggerMessage(330, LogLevel.Warning, "Node {Node} carries nothing for others from now on: {Bad} of {Peers} peers say that it fails. It comes back when it has been well for {Probation}")]
    public static partial void NodeOut(ILogger log, NodeName node, int bad, int peers, string probation);

    [LoggerMessage(331, LogLevel.Information, "Node {Node} carries for others again: it was well for {Probation}")]
    public static partial void NodeBack(ILogger log, NodeName node, string probation);

    [LoggerMessage(339, LogLevel.Error, "Version {Version} of the routing policy was written by another version of this program, and this one does not read it: routes stay as they are. Run the program that wrote it, or set another policy (\"wecan policy set\")")]
    public static partial void PolicyUnknown(ILogger log, long version);

    [LoggerMessage(336, LogLevel.Warning, "{Count} routes lead nowhere, each class counted; one is from node {From} to node {To} for {Class}. They use their direct link, if it works: \"wecan route {FromNumber} {ToNumber} --why --class {Class}\" says why")]
    public static partial void NoRoutes(ILogger log, int count, NodeName from, NodeName to, string @class, int fromNumber, int toNumber);

    [LoggerMessage(337, LogLevel.Information, "All nodes that report have routes to each other again")]
    public static partial void RoutesBack(ILogger log);

    [LoggerMessage(334, LogLevel.Warning, "{Sentence}")]
    public static partial void QualityLow(ILogger log, string sentence);

    [LoggerMessage(335, LogLevel.Information, "{Sentence}")]
    public static partial void QualityBack(ILogger log, string sentence);

    [LoggerMessage(338, LogLevel.Information, "{Sentence}")]
    public static partial void MaintenanceOver(ILogger log, string sentence);

    [LoggerMessage(320, LogLevel.Information, "The inspection API is at https://{Address}")]
    public static partial void InspectionAt(ILogger log, string address);

    [LoggerMessage(313, LogLevel.Debug, "A handshake by QUIC came to nothing: {Why}")]
    public static partial void HandshakeFailed(ILogger log, string why);
}
