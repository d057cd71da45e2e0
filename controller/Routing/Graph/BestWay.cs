using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>One pair's best way of at most two relays by itself, plainly: for questions, where the search over all pairs is too much.</summary>
internal static class BestWay
{
    public static FoundWay Find(Topology topology, RouteClass service, RoutePolicy policy, int origin, int destination)
    {
        var relayTime = (int)policy.RelayTime.Microseconds;
        var best = topology.Cost(service, origin, destination) is var direct and < Topology.Unreachable ? new FoundWay(direct, -1, -1) : FoundWay.None;
        for (var first = 0; first < topology.Count; first++)
        {
            var to = topology.Cost(service, origin, first);
            if (to >= Topology.Unreachable || !topology.MayCarry(service, origin, destination, first) || first == destination)
                continue;
            best = Better(best, to + relayTime, topology.Cost(service, first, destination), first, -1);
            for (var second = 0; second < topology.Count; second++)
            {
                var between = topology.Cost(service, first, second);
                if (between < Topology.Unreachable && topology.MayCarry(service, origin, destination, second) && second != origin && second != destination)
                    best = Better(best, to + between + (2 * relayTime), topology.Cost(service, second, destination), first, second);
            }
        }

        return best;
    }

    private static FoundWay Better(in FoundWay best, int before, int last, int first, int second)
    {
        if (last >= Topology.Unreachable)
            return best;
        var way = new FoundWay(before + last, first, second);
        return way.IsBefore(best) ? way : best;
    }
}
