using System.Text.Json;

namespace WeCan.Bench;

/// <summary>bench seal: pairs of sealing and opening per second, for each cipher, provider and size.</summary>
internal static class SealVerb
{
    private static readonly int[] Sizes = [64, 200, 1200];

    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"seal cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        var cases = Sizes.SelectMany(SealMeasurement.All);
        if (options is [])
            PrintTable(cases);
        else
            PrintJson(cases);
        return 0;
    }

    private static void PrintTable(IEnumerable<SealMeasurement> cases)
    {
        Console.WriteLine($"{"cipher",-28} {"bytes",6} {"seal+open/s",12} {"ns each",8} {"alloc B",8}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Cipher,-28} {one.Size,6} {one.PacketsPerSecond,12:N0} {1e9 / one.PacketsPerSecond,8:N0} {one.BytesAllocatedPerPacket,8:0.##}");
    }

    private static void PrintJson(IEnumerable<SealMeasurement> cases) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                cipher = one.Cipher,
                size = one.Size,
                packets_per_s = Math.Round(one.PacketsPerSecond),
                bytes_allocated_per_packet = Math.Round(one.BytesAllocatedPerPacket, 3),
            }),
        }));
}
