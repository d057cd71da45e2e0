using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Runtime;

namespace WeCan.Lab;

/// <summary>
/// This machine's monotonic clock, the same in every process (CLOCK_MONOTONIC on Linux): what lets the lab measure one-way
/// delays. Nodes never see it; each has a clock with an origin of its own.
/// </summary>
internal static class LocalTime
{
    private const int Readings = 16;

    public static long Nanoseconds => (long)((UInt128)Stopwatch.GetTimestamp() * 1_000_000_000 / (ulong)Stopwatch.Frequency);

    /// <summary>What to add to a clock's time for this one. Of several readings the smallest was disturbed least.</summary>
    public static Duration OffsetOf(MonotonicClock clock)
    {
        var offset = long.MaxValue;
        for (var i = 0; i < Readings; i++)
        {
            var before = clock.Now.Nanoseconds;
            offset = Math.Min(offset, Nanoseconds - before);
        }

        return new(offset);
    }
}
