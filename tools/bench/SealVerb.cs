using System.Text.Json;

namespace WeCan.Bench;

/// <summary>bench seal: pairs of sealing and opening per second, for each cipher, provider and size; and what sealing between edges costs a flow.</summary>
internal static class SealVerb
{
    private static readonly int[] Sizes = [64, 200, 1200];

    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"seal cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        var cases = Sizes.SelectMany(SealMeasurement.All);
        var edges = Sizes.Select(EdgeMeasurement.Measure);
        if (options is [])
            PrintTables(cases, edges);
        else
            PrintJson(cases, edges);
        return 0;
    }

    private static void PrintTables(IEnumerable<SealMeasurement> cases, IEnumerable<EdgeMeasurement> edges)
    {
        Console.WriteLine($"{"cipher",-28} {"bytes",6} {"seal+open/s",12} {"ns each",8} {"alloc B",8}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Cipher,-28} {one.Size,6} {one.PacketsPerSecond,12:N0} {1e9 / one.PacketsPerSecond,8:N0} {one.BytesAllocatedPerPacket,8:0.##}");
        Console.WriteLine();
        Console.WriteLine($"{"between edges, bytes",-28} {"clear/s",12} {"sealed/s",12} {"ns more",8} {"ratio",6} {"alloc B",8}");
        foreach (var one in edges)
            Console.WriteLine($"{one.Size,-28} {one.ClearPerSecond,12:N0} {one.SealedPerSecond,12:N0} {(1e9 / one.SealedPerSecond) - (1e9 / one.ClearPerSecond),8:N0} {one.Ratio,6:0.00} {one.AllocatedPerMessage,8:0.##}");
    }

    private static void PrintJson(IEnumerable<SealMeasurement> cases, IEnumerable<EdgeMeasurement> edges) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                cipher = one.Cipher,
                size = one.Size,
                packets_per_s = Math.Round(one.PacketsPerSecond),
                bytes_allocated_per_packet = Math.Round(one.BytesAllocatedPerPacket, 3),
            }),
            edges = edges.Select(one => new
            {
                size = one.Size,
                clear_per_s = Math.Round(one.ClearPerSecond),
                sealed_per_s = Math.Round(one.SealedPerSecond),
                ratio_to_clear = Math.Round(one.Ratio, 3),
                allocated_per_message = Math.Round(one.AllocatedPerMessage, 3),
            }),
        }));
}
