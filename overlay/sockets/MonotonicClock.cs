using System.Diagnostics;
using WeCan.Contracts;

namespace WeCan.Sockets;

/// <summary>
/// The clock that the runtime hands to the protocol: it never goes back, counts on while the wall clock is set, and
/// starts a little after zero when it is made, so that two clocks of one machine have different origins, as two machines' have.
/// Any thread may read it.
/// </summary>
public sealed class MonotonicClock
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private static readonly bool TicksAreNanoseconds = Stopwatch.Frequency == 1_000_000_000;

    private readonly long _origin = Stopwatch.GetTimestamp() - 1;

    public MonoTime Now
    {
        get
        {
            var ticks = Stopwatch.GetTimestamp() - _origin;
            return new(TicksAreNanoseconds ? ticks : (long)(ticks * NanosecondsPerTick));
        }
    }
}
