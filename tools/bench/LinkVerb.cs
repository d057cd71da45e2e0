using System.Text.Json;

namespace WeCan.Bench;

/// <summary>bench link: packets per second over two links back to back in memory, as a ratio to the cipher alone.</summary>
internal static class LinkVerb
{
    private static readonly int[] Sizes = [64, 200, 1200];

    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"link cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        var cases = Sizes.Select(LinkMeasurement.Measure);
        if (options is [])
            PrintTable(cases);
        else
            PrintJson(cases);
        return 0;
    }

    private static void PrintTable(IEnumerable<LinkMeasurement> cases)
    {
        Console.WriteLine($"{"bytes",6} {"packets/s",12} {"ns each",8} {"ratio to aead",14} {"alloc B",8}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Size,6} {one.PacketsPerSecond,12:N0} {1e9 / one.PacketsPerSecond,8:N0} {one.RatioToAead,14:0.00} {one.AllocatedPerPacket,8:0.##}");
    }

    private static void PrintJson(IEnumerable<LinkMeasurement> cases) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                size = one.Size,
                packets_per_s = Math.Round(one.PacketsPerSecond),
                ratio_to_aead = Math.Round(one.RatioToAead, 3),
                allocated_per_packet = Math.Round(one.AllocatedPerPacket, 3),
            }),
        }));
}
