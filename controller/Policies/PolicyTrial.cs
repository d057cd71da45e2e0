using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Policies;

/// <summary>
/// What another policy would do to the routes: those that are now beside those that would be computed from them, from a copy and on
/// whatever thread. How many pairs may move in one round does not count here, as later rounds move the rest; but where loads count, what the first bring to links
/// has to be seen before others follow, so who has to wait for that is only counted.
/// </summary>
internal sealed class PolicyTrial(Topology topology, RoutePolicy policy, RouteTable now, IReadOnlyDictionary<NodeId, string> names)
{
    public IReadOnlyList<PolicyTrialClass> Classes { get; private set; } = [];

    /// <summary>Pairs that would change, those that would lose every way first.</summary>
    public IReadOnlyList<PolicyTrialPair> Examples { get; private set; } = [];

    /// <summary>Pairs, each class counted, that would look for another way in a later round.</summary>
    public int Waiting { get; private set; }

    /// <summary>Pairs that would lose every way for traffic of some class.</summary>
    public int Lost { get; private set; }

    /// <summary>The others that would lose all their backups for some class.</summary>
    public int Alone { get; private set; }

    /// <summary>Ordered pairs of nodes that were looked at; none before any routes were computed.</summary>
    public int Pairs => now.Nodes == 0 ? 0 : topology.Count * (topology.Count - 1);

    public void Run()
    {
        if (Pairs == 0)
            return;
        var then = RouteComputer.Compute(topology, policy with { MostChanges = 1 }, now);
        Waiting = then.Waiting + then.Stays.Count(stay => stay.Value == RouteCause.Rests);
        var (classes, examples) = (new List<PolicyTrialClass>(), new List<PolicyTrialPair>());
        var (without, alone) = (new bool[topology.Count * topology.Count], new bool[topology.Count * topology.Count]);
        foreach (var service in (RouteClass[])[RouteClass.Realtime, RouteClass.Signal, RouteClass.Bulk])
        {
            var (lost, moved) = (new List<PolicyTrialPair>(), new List<PolicyTrialPair>());
            classes.Add(Compare(service, then, lost, moved, without, alone));
            examples.AddRange(lost.Concat(moved).Take(InspectionLimits.TrialExamples));
        }

        (Classes, Examples) = (classes, [.. examples.OrderBy(pair => pair.After is not null)]);
        (Lost, Alone) = (without.Count(isWithout => isWithout), without.Zip(alone).Count(pair => pair is { First: false, Second: true }));
    }

    private PolicyTrialClass Compare(RouteClass service, RouteTable then, List<PolicyTrialPair> lost, List<PolicyTrialPair> moved, bool[] isWithout, bool[] isAlone)
    {
        var (changed, without, gained, alone) = (0, 0, 0, 0);
        var nodes = topology.NodeArray;
        for (var at = 0; at < nodes.Length; at++)
        {
            var from = nodes[at];
            var (old, next) = ((now.Of(from) ?? NodeRoutes.None).For(service, nodes), (then.Of(from) ?? NodeRoutes.None).For(service, nodes));
            for (var to = 0; to < nodes.Length; to++)
            {
                var (before, after) = (old[to][0], next[to][0]);
                var (hasLost, isBare) = (after.IsNone && !before.IsNone, !old[to][1].IsNone && next[to].Count == 1);
                isWithout[(at * nodes.Length) + to] |= hasLost;
                isAlone[(at * nodes.Length) + to] |= isBare;
                alone += isBare ? 1 : 0;
                if (before == after || nodes[to] == from)
                    continue;
                changed++;
                without += after.IsNone ? 1 : 0;
                gained += before.IsNone ? 1 : 0;
                var kind = after.IsNone ? lost : moved;
                if (kind.Count < InspectionLimits.TrialExamples)
                    kind.Add(new(Word(service), Name(from), Name(nodes[to]), Relays(before), Relays(after)));
            }
        }

        return new(Word(service), changed, without, gained, alone);
    }

    private IReadOnlyList<NodeName>? Relays(Way way) => way.IsNone ? null : way.Relays switch
    {
        0 => [],
        1 => [Name(way.First)],
        _ => [Name(way.First), Name(way.Second)],
    };

    private NodeName Name(NodeId node) => new(node.Value, names.GetValueOrDefault(node, ""));

    private static string Word(RouteClass service) => service switch { RouteClass.Realtime => "realtime", RouteClass.Signal => "signal", _ => "bulk" };
}
