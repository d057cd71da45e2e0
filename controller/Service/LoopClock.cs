using WeCan.Contracts;
using WeCan.Controller.Core;

namespace WeCan.Controller.Service;

/// <summary>The machine's clocks as one loop hands them to its core. On the loop's thread.</summary>
internal sealed class LoopClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly WallClock _wall = new();

    public ControllerTime Now()
    {
        var mono = new MonoTime(time.GetElapsedTime(_start).Ticks * 100);
        return new(mono, _wall.At(mono, UnixTime.From(time.GetUtcNow())));
    }
}
