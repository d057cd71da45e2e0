namespace WeCan.Hosting.Metrics;

/// <summary>
/// The proof that a loop turns, and how late its turns come. The loop alone calls <see cref="Turn()"/>; the watchdog, /healthz and
/// the scraper read without making it wait. A loop that sleeps turns at least once a second, else it is taken for hung.
/// </summary>
public sealed class LoopPulse(string name, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private volatile bool _hasEnded;
    private long _last = (time ?? TimeProvider.System).GetTimestamp();

    public string Name { get; } = name;

    /// <summary>How late turns came that had been due at a time.</summary>
    internal FixedHistogram Lag { get; } = new(MetricRegistry.DurationBounds);

    /// <summary>Since the last turn; none when the loop has ended.</summary>
    internal TimeSpan Silence => _hasEnded ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _last));

    /// <summary>A turn that something else than time caused.</summary>
    public void Turn() => Volatile.Write(ref _last, _time.GetTimestamp());

    /// <summary>A turn that was due and came so late.</summary>
    public void Turn(TimeSpan late)
    {
        Turn();
        Lag.Record(late.TotalSeconds);
    }

    /// <summary>The loop has ended as it should, and proves nothing more. One that ended by an exception does not call this.</summary>
    public void End() => _hasEnded = true;
}
