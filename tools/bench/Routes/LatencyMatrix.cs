using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>Measured round trips between all pairs of some nodes, in whole microseconds; zero where nothing was measured.</summary>
internal sealed class LatencyMatrix(int[] values, int count)
{
    public int Count => count;

    public int this[int from, int to] => from == to ? 0 : values[(from * count) + to];

    /// <summary>A matrix in a compressed file, in milliseconds.</summary>
    public static LatencyMatrix ReadOne(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        return Read(file, microsecondsPerUnit: 1_000);
    }

    /// <summary>Matrices that follow one another in a compressed archive, in seconds; a file's name ends with its number.</summary>
    public static IReadOnlyList<LatencyMatrix> ReadSeries(string path)
    {
        using var archive = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var series = new SortedDictionary<int, LatencyMatrix>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } content)
                series.Add(int.Parse(Path.GetFileNameWithoutExtension(entry.Name).Split('-')[^1], CultureInfo.InvariantCulture), Read(content, microsecondsPerUnit: 1_000_000));
        }

        return [.. series.Values];
    }

    /// <summary>The network in which each measured pair has a link that costs all classes the round trip.</summary>
    public Topology ToTopology()
    {
        var topology = new Topology([.. Enumerable.Range(1, count).Select(number => new NodeId((ushort)number))]);
        for (var from = 0; from < count; from++)
        {
            topology.Let(from, carry: true);
            for (var to = 0; to < count; to++)
            {
                if (this[from, to] > 0)
                    topology.Set(from, to, this[from, to]);
            }
        }

        return topology;
    }

    private static LatencyMatrix Read(Stream stream, double microsecondsPerUnit)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var rows = new List<int[]>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } fields)
                rows.Add([.. fields.Select(field => Math.Max(0, (int)Math.Round(double.Parse(field, CultureInfo.InvariantCulture) * microsecondsPerUnit)))]);
        }

        return rows.TrueForAll(row => row.Length == rows.Count) ? new([.. rows.SelectMany(row => row)], rows.Count)
            : throw new InvalidDataException("A matrix has as many columns as rows.");
    }
}
