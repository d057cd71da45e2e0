using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>
/// The routes of 99 personal devices, whose round trips change from one measurement to the next, damped as by default: how much longer than
/// the best there is they take (regret), and how often a pair's route changes. Where a route's own measurement has vanished it has to change:
/// such a pair and step is left out of both.
/// </summary>
internal sealed record SeattleMeasurement(double RegretPercent, double ChangesPerPairStep, double UndampedChanges)
{
    public static SeattleMeasurement Measure(IReadOnlyList<LatencyMatrix> series)
    {
        var damped = Replay(series, new() { MostChanges = GraphLimits.MostChanges });
        return new(damped.Regret, damped.Changes, Replay(series, PathCosts.NothingElse).Changes);
    }

    private static (double Regret, double Changes) Replay(IReadOnlyList<LatencyMatrix> series, RoutePolicy policy)
    {
        var computer = new RouteComputer();
        var table = RouteTable.Empty;
        var (steps, changes, taken, least) = (0L, 0L, 0L, 0L);
        foreach (var matrix in series)
        {
            var topology = matrix.ToTopology();
            var next = computer.Run(topology, policy, table);

            // Rounds are a quarter of a second apart, and measurements hours.
            while (next.Waiting > 0)
                next = computer.Run(topology, policy, next);
            var best = PathCosts.Best(matrix);
            for (var from = 0; table != RouteTable.Empty && from < matrix.Count; from++)
            {
                for (var to = 0; to < matrix.Count; to++)
                {
                    var held = table.Of(topology.Nodes[from])!.To(RouteClass.Signal, topology.Nodes[to])[0];
                    if (from == to || PathCosts.Of(matrix, from, held, to) >= PathCosts.None)
                        continue;
                    var way = next.Of(topology.Nodes[from])!.To(RouteClass.Signal, topology.Nodes[to])[0];
                    steps++;
                    changes += way == held ? 0 : 1;
                    taken += PathCosts.Of(matrix, from, way, to);
                    least += best[(from * matrix.Count) + to];
                }
            }

            table = next;
        }

        return (((double)taken / least - 1) * 100, (double)changes / steps);
    }
}
