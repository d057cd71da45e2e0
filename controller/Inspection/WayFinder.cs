using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection;

/// <summary>
/// Finds ways of at most two relays by trying them all: slower than the search that computes routes, and able to think nodes and links
/// away. What it finds is what that search finds, which tests hold it to.
/// </summary>
internal sealed class WayFinder(Topology topology, RouteClass service, int relayTime, int from, int to, IReadOnlySet<int> withoutNodes, IReadOnlySet<(int From, int To)> withoutLinks)
{
    /// <summary>The cheapest way to each place that can be the only or the first relay, and the direct one (null), the cheapest first.</summary>
    public List<(int Cost, int[] Relays)> All()
    {
        var found = new List<(int Cost, int[] Relays)>();
        Add(found, CostOf(from, to), []);
        foreach (var first in Carriers())
        {
            var into = CostOf(from, first);
            if (into >= Topology.Unreachable)
                continue;
            Add(found, Sum(into, CostOf(first, to), relayTime), [first]);
            var (best, second) = (Topology.Unreachable, -1);
            foreach (var other in Carriers())
            {
                if (other != first && Sum(CostOf(first, other), CostOf(other, to), relayTime) is var cost && cost < best)
                    (best, second) = (cost, other);
            }

            if (second >= 0)
                Add(found, Sum(into, best, relayTime), [first, second]);
        }

        found.Sort((one, other) => one.Cost != other.Cost ? one.Cost.CompareTo(other.Cost) : one.Relays.Length.CompareTo(other.Relays.Length));
        return found;
    }

    /// <summary>The cheapest way, and behind it the cheapest of those that share no relay with the ones before.</summary>
    public List<(int Cost, int[] Relays)> Chosen(int count)
    {
        var chosen = new List<(int Cost, int[] Relays)>();
        var taken = new HashSet<int>(withoutNodes);
        var isDirectTaken = false;
        while (chosen.Count < count)
        {
            var next = new WayFinder(topology, service, relayTime, from, to, taken, withoutLinks).All().Find(way => way.Relays.Length > 0 || !isDirectTaken);
            if (next.Relays is null)
                break;
            chosen.Add(next);
            isDirectTaken |= next.Relays.Length == 0;
            taken.UnionWith(next.Relays);
        }

        return chosen;
    }

    private IEnumerable<int> Carriers() =>
        Enumerable.Range(0, topology.Count).Where(place => place != from && place != to && topology.MayCarry(service, from, to, place) && !withoutNodes.Contains(place));

    private int CostOf(int one, int other) => withoutLinks.Contains((one, other)) ? Topology.Unreachable : topology.Cost(service, one, other);

    private static int Sum(int one, int other, int more) => one >= Topology.Unreachable || other >= Topology.Unreachable ? Topology.Unreachable : one + other + more;

    private static void Add(List<(int Cost, int[] Relays)> found, int cost, int[] relays)
    {
        if (cost < Topology.Unreachable)
            found.Add((cost, relays));
    }
}
