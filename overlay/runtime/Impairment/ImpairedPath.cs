using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Impairment;

/// <summary>
/// The bad network to one destination: says of each datagram whether it is lost, when it arrives, and when its copy does. Losses come in runs of a
/// mean length (a chain of two states); a rate has a queue, and what is lost by chance takes none of it.
/// </summary>
internal sealed class ImpairedPath(ImpairmentOptions options, DeterministicRandom random, ImpairmentCounters counters)
{
    private bool _isInBurst;
    private MonoTime _freeAt = MonoTime.Zero;

    /// <summary>May be changed at any time; a queue that stands then still empties at the rate it was given.</summary>
    public ImpairmentOptions Options { get; set; } = options;

    /// <summary>False when it is lost. <paramref name="twiceAt"/> is never, or when a second copy leaves.</summary>
    public bool TryPass(MonoTime now, int length, out MonoTime at, out MonoTime twiceAt)
    {
        at = twiceAt = MonoTime.Never;
        if (IsLost())
        {
            counters.Lost++;
            return false;
        }

        var through = now;
        if (Options.Rate > Bandwidth.Zero)
        {
            var start = MonoTime.Max(now, _freeAt);
            if (start - now > Options.Queue)
            {
                counters.Overflowed++;
                return false;
            }

            through = _freeAt = start + Options.Rate.TimeFor(length + WireLimits.IPv4Overhead);
        }

        at = through + Delay();
        if (!Happens(Options.Duplicate))
            return true;
        counters.Duplicated++;
        twiceAt = through + Delay();
        return true;
    }

    private bool IsLost()
    {
        if (Options.Burst <= 1 || Options.Loss is <= 0 or >= 1)
            return Happens(Options.Loss);
        var leave = 1 / Options.Burst;
        _isInBurst = _isInBurst ? !Happens(leave) : Happens(leave * Options.Loss / (1 - Options.Loss));
        return _isInBurst;
    }

    private Duration Delay()
    {
        var delay = Options.Delay + new Duration((long)(Options.Jitter.Nanoseconds * random.NextDouble()));
        if (!Happens(Options.Reorder))
            return delay;
        counters.Reordered++;
        return delay + Options.ReorderBy;
    }

    private bool Happens(double share) => share > 0 && random.NextDouble() < share;
}
