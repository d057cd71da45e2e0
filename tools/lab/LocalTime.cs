using System.Diagnostics;

namespace WeCan.Lab;

/// <summary>This machine's monotonic clock, by which the programs at both ends of a flow measure one-way delays.</summary>
internal static class LocalTime
{
    public static long Nanoseconds => (long)((UInt128)Stopwatch.GetTimestamp() * 1_000_000_000 / (ulong)Stopwatch.Frequency);
}
