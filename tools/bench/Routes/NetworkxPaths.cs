using System.Diagnostics;
using System.Globalization;

namespace WeCan.Bench.Routes;

/// <summary>
/// Debian's networkx as a judge: the shortest paths of at most two relays in a graph of layers, one for each node that a path passes, by its
/// Dijkstra. Whole microseconds, so that two sums are equal or not.
/// </summary>
internal static class NetworkxPaths
{
    /// <summary>For each pair of the origins, whose routes cost <paramref name="cost"/>, how many are worse than what networkx finds.</summary>
    /// <exception cref="RoutesException">There is no networkx here, or it fails.</exception>
    public static int Compare(LatencyMatrix matrix, IReadOnlyList<int> origins, Func<int, int, int> cost)
    {
        var start = new ProcessStartInfo(Python()) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { Path.Combine(AppContext.BaseDirectory, "baseline", "paths.py") } };
        using var process = Process.Start(start) ?? throw new RoutesException("python3 does not start.");
        process.StandardInput.WriteLine(string.Join(' ', origins));
        for (var from = 0; from < matrix.Count; from++)
            process.StandardInput.WriteLine(string.Join(' ', Enumerable.Range(0, matrix.Count).Select(to => matrix[from, to].ToString(CultureInfo.InvariantCulture))));
        process.StandardInput.Close();
        var worse = 0;
        foreach (var from in origins)
        {
            var best = process.StandardOutput.ReadLine()?.Split(' ');
            if (best?.Length != matrix.Count)
                throw new RoutesException("networkx did not answer: see above. It is Debian's python3-networkx.");
            for (var to = 0; to < matrix.Count; to++)
                worse += from != to && cost(from, to) > int.Parse(best[to], CultureInfo.InvariantCulture) ? 1 : 0;
        }

        process.WaitForExit();
        return worse;
    }

    /// <summary>Debian's own, which has Debian's packages; else the first on the path.</summary>
    private static string Python() => File.Exists("/usr/lib/python3/dist-packages/networkx/__init__.py") ? "/usr/bin/python3" : "python3";
}
