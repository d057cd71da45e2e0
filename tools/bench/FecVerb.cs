using System.Text.Json;

namespace WeCan.Bench;

/// <summary>bench fec: multiplying and adding regions in GF(256) as a ratio to copying them, and what repairs cost to make and to solve.</summary>
internal static class FecVerb
{
    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"fec cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        FecMeasurement[] kernels = [.. FecMeasurement.All()];
        RepairMeasurement[] encoding = [.. RepairMeasurement.Encoding()];
        RepairMeasurement[] decoding = [.. RepairMeasurement.Decoding()];
        if (options is [])
            PrintTables(kernels, encoding, decoding);
        else
            PrintJson(kernels, encoding, decoding);
        return 0;
    }

    private static void PrintTables(FecMeasurement[] kernels, RepairMeasurement[] encoding, RepairMeasurement[] decoding)
    {
        Console.WriteLine($"{"kernel",-14} {"GB/s",8} {"ratio to copy",14} {"copy GB/s",10} {"16 sources GB/s",16}");
        foreach (var one in kernels)
            Console.WriteLine($"{one.Kernel,-14} {one.GigabytesPerSecond,8:0.0} {one.RatioToCopy,14:0.00} {one.CopyGigabytesPerSecond,10:0.0} {one.ManyGigabytesPerSecond,16:0.0}");
        Console.WriteLine();
        Console.WriteLine($"{"encode, of",-14} {"ns each",8} {"GB/s",8} {"alloc B",8}");
        foreach (var one in encoding)
            Console.WriteLine($"{one.Symbols,-14} {one.NanosecondsEach,8:N0} {one.GigabytesPerSecond,8:0.0} {one.AllocatedEach,8:0.##}");
        Console.WriteLine();
        Console.WriteLine($"{"missing of 16",-14} {"ns each",8} {"alloc B",17}");
        foreach (var one in decoding)
            Console.WriteLine($"{one.Symbols,-14} {one.NanosecondsEach,8:N0} {one.AllocatedEach,17:0.##}");
    }

    /// <summary>At its head the kernel that the protocol uses on this machine, which is the first of all.</summary>
    private static void PrintJson(FecMeasurement[] kernels, RepairMeasurement[] encoding, RepairMeasurement[] decoding) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            kernel = kernels[0].Kernel,
            gb_per_s = Math.Round(kernels[0].GigabytesPerSecond, 2),
            ratio_to_copy = Math.Round(kernels[0].RatioToCopy, 3),
            kernels = kernels.Select(one => new
            {
                kernel = one.Kernel,
                gb_per_s = Math.Round(one.GigabytesPerSecond, 2),
                ratio_to_copy = Math.Round(one.RatioToCopy, 3),
                copy_gb_per_s = Math.Round(one.CopyGigabytesPerSecond, 2),
                many_gb_per_s = Math.Round(one.ManyGigabytesPerSecond, 2),
            }),
            encode = encoding.Select(one => new
            {
                sources = one.Symbols,
                ns_each = Math.Round(one.NanosecondsEach),
                gb_per_s = Math.Round(one.GigabytesPerSecond, 2),
                allocated_each = Math.Round(one.AllocatedEach, 3),
            }),
            decode = decoding.Select(one => new
            {
                missing = one.Symbols,
                ns_per_symbol = Math.Round(one.NanosecondsEach),
                allocated_per_symbol = Math.Round(one.AllocatedEach, 3),
            }),
        }));
}
