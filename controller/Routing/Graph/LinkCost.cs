using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>What a direction of a link costs: the time that a packet is expected to need over it.</summary>
internal static class LinkCost
{
    /// <summary>
    /// Half the round trip, and a whole one for each time that a packet has to be sent again. Loss is in millionths, the answer in
    /// microseconds.
    /// </summary>
    public static int Of(Duration rtt, uint loss) =>
        (int)Math.Clamp((rtt.Microseconds / 2) + (Math.Min(rtt.Microseconds, Topology.MaxCost) * loss / 1_000_000), 1, Topology.MaxCost);
}
