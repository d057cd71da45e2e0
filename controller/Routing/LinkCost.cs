using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// What a direction of a link costs the classes, in microseconds. At its base is the time that a packet is expected to need; how much
/// a packet that is sent again and a time that shakes add differs by what the class is for.
/// </summary>
internal static class LinkCost
{
    /// <summary>
    /// Half the round trip, and a round trip for each time that a packet has to be sent again. Realtime counts that double, as what comes
    /// late has to be skipped, and twice the jitter, which a player has to hold back for; Bulk counts it four times, as loss takes from its rate, and half
    /// of the time itself. Loss is in millionths.
    /// </summary>
    public static int Of(RouteClass service, Duration rtt, Duration jitter, uint loss)
    {
        var time = Math.Min(rtt.Microseconds, Topology.MaxCost);
        var again = time * loss / 1_000_000;
        var cost = service switch
        {
            RouteClass.Realtime => (time / 2) + (2 * again) + (2 * Math.Min(jitter.Microseconds, Topology.MaxCost)),
            RouteClass.Signal => (time / 2) + again,
            _ => (time / 4) + (4 * again),
        };
        return (int)Math.Clamp(cost, 1, Topology.MaxCost);
    }
}
