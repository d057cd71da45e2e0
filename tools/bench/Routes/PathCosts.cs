using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>What paths cost by a matrix alone, plainly reckoned.</summary>
internal static class PathCosts
{
    /// <summary>No path: nothing that was measured is as long.</summary>
    public const int None = 1 << 29;

    /// <summary>Round trips count, and nothing else: relays take no time, and nothing is damped.</summary>
    public static readonly RoutePolicy NothingElse = new() { RelayTime = Duration.Zero, LeastGain = 0, LeastGainTime = Duration.Zero };

    /// <summary>The least that a path of at most two relays costs, for each pair; <see cref="None"/> where there is none.</summary>
    public static int[] Best(LatencyMatrix matrix)
    {
        var links = new int[matrix.Count * matrix.Count];
        for (var from = 0; from < matrix.Count; from++)
        {
            for (var to = 0; to < matrix.Count; to++)
                links[(from * matrix.Count) + to] = from == to || matrix[from, to] > 0 ? matrix[from, to] : None;
        }

        // A path that stays where it is costs nothing, so products hold the shorter paths too.
        return Product(links, Product(links, links, matrix.Count), matrix.Count);
    }

    public static int Of(LatencyMatrix matrix, int from, Way way, int to)
    {
        if (way.IsNone)
            return None;
        var cost = 0;
        var at = from;
        foreach (var relay in (NodeId[])[way.First, way.Second])
        {
            if (relay.IsNone)
                continue;
            if (matrix[at, relay.Value - 1] <= 0)
                return None;
            cost += matrix[at, relay.Value - 1];
            at = relay.Value - 1;
        }

        return matrix[at, to] <= 0 ? None : cost + matrix[at, to];
    }

    private static int[] Product(int[] left, int[] right, int count)
    {
        var product = new int[count * count];
        Array.Fill(product, None);
        for (var from = 0; from < count; from++)
        {
            for (var over = 0; over < count; over++)
            {
                var first = left[(from * count) + over];
                if (first >= None)
                    continue;
                for (var to = 0; to < count; to++)
                    product[(from * count) + to] = Math.Min(product[(from * count) + to], first + right[(over * count) + to]);
            }
        }

        return product;
    }
}
