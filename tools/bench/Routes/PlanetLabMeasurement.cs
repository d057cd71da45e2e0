using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>
/// The routes of a measured network of 490 nodes, undamped: how much less they take than the direct links, and whether any pair's is worse than
/// the best path of at most two relays, by trying them all, and by networkx for the pairs of some origins.
/// </summary>
internal sealed record PlanetLabMeasurement(double SumGain, double DirectHigh, double High, int WorseThanBest, int NetworkxPairs)
{
    /// <summary>networkx takes a second for each origin: these are spread over all.</summary>
    private const int NetworkxOrigins = 12;

    public static PlanetLabMeasurement Measure(LatencyMatrix matrix)
    {
        var topology = matrix.ToTopology();
        var table = RouteComputer.Compute(topology, PathCosts.NothingElse, RouteTable.Empty);
        var best = PathCosts.Best(matrix);
        var (worse, chosen) = (0, new int[matrix.Count * matrix.Count]);
        List<int> direct = [], routed = [];
        for (var from = 0; from < matrix.Count; from++)
        {
            for (var to = 0; to < matrix.Count; to++)
            {
                if (from == to)
                    continue;
                var cost = PathCosts.Of(matrix, from, table.Of(topology.Nodes[from])!.To(RouteClass.Signal, topology.Nodes[to])[0], to);
                chosen[(from * matrix.Count) + to] = cost;
                worse += cost > best[(from * matrix.Count) + to] ? 1 : 0;
                direct.Add(matrix[from, to]);
                routed.Add(cost);
            }
        }

        var origins = Enumerable.Range(0, NetworkxOrigins).Select(index => index * matrix.Count / NetworkxOrigins).ToArray();
        worse += NetworkxPaths.Compare(matrix, origins, (from, to) => chosen[(from * matrix.Count) + to]);
        return new(direct.Sum(value => (long)value) / (double)routed.Sum(value => (long)value), High99(direct), High99(routed), worse, origins.Length * (matrix.Count - 1));
    }

    private static double High99(List<int> values) => values.Order().ElementAt((int)(values.Count * 0.99)) / 1e3;
}
