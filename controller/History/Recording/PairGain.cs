using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing;

namespace WeCan.Controller.History.Recording;

/// <summary>
/// What the chosen way between two nodes saves beside their direct link, at one moment and both reckoned alike: half of each link's round trip, and what a relay takes.
/// </summary>
/// <param name="Way">Microseconds by the best way for Realtime.</param>
/// <param name="Direct">Microseconds by the direct link.</param>
/// <param name="DirectLoss">Millionths that the direct link loses.</param>
internal readonly record struct PairGain(long Way, long Direct, long DirectLoss)
{
    /// <summary>Null where there is no direct link to compare with, or a link of the way is not known.</summary>
    public static PairGain? Of(NodeId from, NodeId to, RouteDesk routing)
    {
        ArgumentNullException.ThrowIfNull(routing);
        if (LinkOf(from, to, routing) is not { } direct || TimeOf(from, to, routing) is not { } straight)
            return null;
        var ways = routing.Table.Of(from)?.To(RouteClass.Realtime, to);
        if (ways is not { IsNone: false } chosen || chosen[0].Relays == 0)
            return new(straight, straight, direct.LossTo);
        var relays = routing.Document.RelayTime.Microseconds * chosen[0].Relays;
        var way = chosen[0].Relays == 1
            ? TimeOf(from, chosen[0].First, routing) + TimeOf(chosen[0].First, to, routing)
            : TimeOf(from, chosen[0].First, routing) + TimeOf(chosen[0].First, chosen[0].Second, routing) + TimeOf(chosen[0].Second, to, routing);
        return way is { } time ? new(time + relays, straight, direct.LossTo) : null;
    }

    private static long? TimeOf(NodeId from, NodeId to, RouteDesk routing) => (LinkOf(from, to, routing) ?? LinkOf(to, from, routing))?.Rtt.Microseconds / 2;

    private static LinkReport? LinkOf(NodeId from, NodeId to, RouteDesk routing) =>
        routing.Links.Reporters.TryGetValue(from, out var reporter) && reporter.Links.TryGetValue(to, out var link) && Reporter.StateOf(link) == LinkState.Proven ? link : null;
}
