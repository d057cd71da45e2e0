using System.Runtime.CompilerServices;
using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// Which packets with a deadline a queue lets go before their time is up, as more comes than goes (docs/decisions/0026). A
/// packet that has waited for all of its patience goes in any case. Where waits of a priority have been long, a quarter of the
/// patience, for as long as a whole patience, the queue is no burst that would drain in time: from then on whatever waits
/// longer goes, until waits are half as long without that. So what is sent has time left for the path's own queues and a repair.
/// Invariant: a queue that drains before the patience of its packets is up loses none.
/// </summary>
internal struct OverloadWatch
{
    private const int LongPart = 4;

    private Priorities _waits;

    /// <summary>Whether the first packet of its priority is to be let go. Every first one is asked about before it is sent.</summary>
    public bool IsToGo(MonoTime now, PacketBuffer first, in Crossing crossing)
    {
        if (first.Deadline.IsNever)
            return false;
        var (waited, patience) = (now - first.HeldSince, crossing.PatienceOf(first));
        if (waited > patience || crossing.IsTooLate(now, first))
            return true;
        ref var waits = ref _waits[first.Priority];
        if (waited <= patience / (LongPart * 2))
            waits = default;
        if (waited <= patience / LongPart)
            return false;

        // One that waits long after a pause in which nobody asked says nothing of what was before.
        if (waits.LongSince == MonoTime.Zero || now - waits.LongAt > patience)
            waits.LongSince = now;
        waits.LongAt = now;
        return now - waits.LongSince > patience;
    }

    private struct Waits
    {
        /// <summary>Since when they have been long; zero where they are not.</summary>
        public MonoTime LongSince;

        /// <summary>When one was last seen to be.</summary>
        public MonoTime LongAt;
    }

    [InlineArray(8)]
    private struct Priorities
    {
        private Waits _first;
    }
}
