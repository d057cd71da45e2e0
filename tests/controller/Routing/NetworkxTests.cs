using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>The routes of a measured network, held against Debian's networkx: a judge that knows nothing of this code.</summary>
public sealed class NetworkxTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void No_pair_is_worse_than_the_best_path_of_at_most_two_relays()
    {
        var matrix = ReadMatrix();
        var nodes = matrix.Length;
        var topology = new Topology([.. Enumerable.Range(1, nodes).Select(number => new NodeId((ushort)number))]);
        for (var from = 0; from < nodes; from++)
        {
            topology.Let(from, carry: true);
            for (var to = 0; to < nodes; to++)
            {
                if (from != to)
                    topology.Set(from, to, matrix[from][to]);
            }
        }

        var policy = new RoutePolicy { RelayTime = Duration.Zero };
        var table = RouteComputer.Compute(topology, policy, RouteTable.Empty);
        var judged = AskNetworkx(matrix);
        var relayed = 0;
        for (var from = 0; from < nodes; from++)
        {
            for (var to = 0; to < nodes; to++)
            {
                if (from == to)
                    continue;
                var way = table.Of(topology.Nodes[from])!.To(RouteClass.Signal, topology.Nodes[to])[0];
                Assert.Equal(judged[from][to], new Oracle(topology, policy, RouteClass.Signal).Reckon(from, way, to));
                relayed += way.IsDirect ? 0 : 1;
            }
        }

        Assert.True(relayed > nodes * nodes / 4, $"Only {relayed} routes pass a relay: the matrix is too tame.");
    }

    private static long[][] AskNetworkx(int[][] matrix)
    {
        var start = new ProcessStartInfo(Python) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "baseline", "paths.py"));
        if (!File.Exists(Python))
            Assert.Skip("There is no python3 here, and so no networkx.");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            process.StandardInput.WriteLine(string.Join(' ', Enumerable.Range(0, matrix.Length)));
            foreach (var row in matrix)
                process.StandardInput.WriteLine(string.Join(' ', row));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already: what it says tells why.
        }

        var answer = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        var said = errors.GetAwaiter().GetResult();
        if (said.Contains("No module named 'networkx'", StringComparison.Ordinal))
            Assert.Skip("There is no networkx here: install Debian's python3-networkx.");
        Assert.True(answer.Length == matrix.Length, said);
        return [.. answer.Select(line => line.Split(' ').Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static int[][] ReadMatrix()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "planetlab-60.txt.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t').Select(field => (int)Math.Round(double.Parse(field, CultureInfo.InvariantCulture) * 1_000)).ToArray())];
    }
}
