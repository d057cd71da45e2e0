using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The times, by the node's own clock, at which its quiet links in use show life: one wake-up and one call of the system then serve all of
/// them. Invariant: what is brought forward to such a time is brought forward by less than a <see cref="Step"/>, so that an interval
/// of a step or more never becomes nothing.
/// </summary>
internal static class CommonBeat
{
    /// <summary>From one such time to the next: what the promise of a link in use allows.</summary>
    public static readonly Duration Step = Keeping(LinkLimits.FastInterval);

    /// <summary>The pause that keeps a promise: a little shorter, so that clocks and timers may err.</summary>
    public static Duration Keeping(Duration promise) => promise - (promise / 64);

    /// <summary>The last of these times that is not after another.</summary>
    public static MonoTime NotAfter(MonoTime time)
    {
        var past = time.Nanoseconds % Step.Nanoseconds;
        return new(time.Nanoseconds - (past < 0 ? past + Step.Nanoseconds : past));
    }
}
