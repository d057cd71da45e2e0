using System.Diagnostics;
using WeCan.Protocol.Coding;

namespace WeCan.Bench;

/// <summary>
/// Regions of a full path packet, multiplied and added by one kernel, one source and 16 sources at a time, against the
/// plain copy of the same regions. Copy and kernel take turns over the same memory, more than a first-level cache holds.
/// </summary>
internal sealed record FecMeasurement(string Kernel, double GigabytesPerSecond, double RatioToCopy, double CopyGigabytesPerSecond, double ManyGigabytesPerSecond)
{
    public const int RegionBytes = 1_280;

    private const int Regions = 32;
    private const int Rounds = 15;

    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<FecMeasurement> All() => Gf256Kernel.All.Select(Measure);

    private static FecMeasurement Measure(Gf256Kernel kernel)
    {
        var memory = new Memory();
        var copies = new double[Rounds];
        var ones = new double[Rounds];
        var many = new double[Rounds];
        var ratios = new double[Rounds];
        for (var round = -8; round < Rounds; round++)
        {
            var copy = Rate(memory.Copy);
            var one = Rate(() => memory.AddOne(kernel));
            var together = Rate(() => memory.AddMany(kernel));
            if (round < 0)
                continue;
            (copies[round], ones[round], many[round], ratios[round]) = (copy, one, together, one / copy);
        }

        return new(kernel.Name, Median(ones), Median(ratios), Median(copies), Median(many));
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    /// <summary>Billions of source bytes in a second.</summary>
    private static double Rate(Action pass)
    {
        var start = Stopwatch.GetTimestamp();
        var passes = 0L;
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < 8; i++)
                pass();
            passes += 8;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < RoundTime);
        return passes * Regions * RegionBytes / elapsed.TotalSeconds / 1e9;
    }

    /// <summary>As many regions to read as to write; a pass handles each once.</summary>
    private sealed class Memory
    {
        private readonly byte[][] _sources = new byte[Regions][];
        private readonly byte[][] _destinations = new byte[Regions][];
        private readonly int[] _lengths = new int[Gf256Kernel.MaxSources];
        private readonly byte[] _factors = new byte[Gf256Kernel.MaxSources];

        public Memory()
        {
            for (var i = 0; i < Regions; i++)
            {
                _sources[i] = new byte[RegionBytes];
                _destinations[i] = new byte[RegionBytes];
                new Random(i).NextBytes(_sources[i]);
            }

            Array.Fill(_lengths, RegionBytes);
            new Random(1).NextBytes(_factors);
        }

        public void Copy()
        {
            for (var i = 0; i < Regions; i++)
                _sources[i].AsSpan().CopyTo(_destinations[i]);
        }

        public void AddOne(Gf256Kernel kernel)
        {
            for (var i = 0; i < Regions; i++)
                kernel.MultiplyAdd(_destinations[i], _sources[i], (byte)(2 + i));
        }

        public void AddMany(Gf256Kernel kernel)
        {
            for (var i = 0; i < Regions; i += Gf256Kernel.MaxSources)
                kernel.MultiplyAddMany(_destinations[i], _sources.AsSpan(i, Gf256Kernel.MaxSources), _lengths, _factors);
        }
    }
}
