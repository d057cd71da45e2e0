using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The round trip of a path whose queues are empty, as congestion control needs it: the smallest seen, and when a sample
/// last came near it. Where none has for a while the path is longer now, or others keep its queue full: then it is to be
/// measured anew, and <see cref="Replace"/>d.
/// </summary>
internal struct PathRtt
{
    private static readonly Duration StaleAfter = Duration.FromSeconds(5);
    private static readonly Duration LeastTolerance = Duration.FromMicroseconds(250);

    private MonoTime _confirmedAt;

    public Duration Min { get; private set; }

    /// <summary>
    /// A queue that is no chance: more than an eighth of the path, from 4 ms up to 16, and what the path's own jitter is.
    /// </summary>
    public readonly Duration QueueThreshold(Duration jitter) =>
        Duration.Max(Duration.FromMilliseconds(4), Duration.Min(Min / 8, Duration.FromMilliseconds(16))) + (jitter * 2);

    public readonly bool IsStale(MonoTime now) => Min > Duration.Zero && now - _confirmedAt > StaleAfter;

    public void Add(MonoTime now, Duration sample)
    {
        if (Min == Duration.Zero || sample <= Min)
            Replace(now, sample);
        else if (sample <= Min + Duration.Max(Min / 32, LeastTolerance))
            _confirmedAt = now;
    }

    public void Replace(MonoTime now, Duration min)
    {
        Min = Duration.Max(min, new(1));
        _confirmedAt = now;
    }
}
