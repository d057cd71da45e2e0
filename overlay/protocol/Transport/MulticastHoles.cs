using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The segments that one destination misses, in ascending order, in an array that exists only while there are any. Their
/// count of destinations that miss them is kept in step.
/// </summary>
internal struct MulticastHoles
{
    private const int Capacity = MulticastLimits.HolesPerDestination;

    private MulticastHole[]? _holes;

    public int Count { get; private set; }

    public readonly bool Contains(ulong sequence) => IndexOf(sequence) >= 0;

    /// <summary>Notes a hole that may be known already; false when there is no room for one more.</summary>
    private bool TryAdd(TransportShared shared, MulticastWindow window, ulong sequence, MonoTime dueAt)
    {
        var index = IndexOf(sequence);
        if (index >= 0)
            return true;
        if (Count == Capacity)
            return false;
        _holes ??= shared.HoleBlocks.Rent(Capacity);
        index = ~index;
        Array.Copy(_holes, index, _holes, index + 1, Count - index);
        _holes[index] = new MulticastHole { Sequence = sequence, DueAt = dueAt };
        Count++;
        window[sequence].Missing++;
        return true;
    }

    /// <summary>
    /// A destination has the ranges: what is missing below their end, of its segments from <paramref name="first"/> on, is noted. Says how many
    /// lie in the ranges.
    /// </summary>
    public int Note(
        TransportShared shared, MulticastWindow window, int slot, ulong first, ReadOnlySpan<SequenceRange> ranges, MonoTime dueAt, out bool isMissing)
    {
        foreach (var range in ranges)
            Fill(shared, window, range);
        isMissing = false;
        var told = 0;
        var place = 0;
        for (var sequence = first; sequence < ranges[^1].End; sequence++)
        {
            if (!window.IsFor(sequence, slot))
                continue;
            while (ranges[place].End <= sequence)
                place++;
            if (ranges[place].First <= sequence)
            {
                told++;
                continue;
            }

            TryAdd(shared, window, sequence, dueAt);
            isMissing = true;
        }

        return told;
    }

    /// <summary>The destination has everything in the range.</summary>
    public void Fill(TransportShared shared, MulticastWindow window, SequenceRange range)
    {
        if (Count == 0)
            return;
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_holes![i].Sequence >= range.First && _holes[i].Sequence < range.End)
                window[_holes[i].Sequence].Missing--;
            else
                _holes[kept++] = _holes[i];
        }

        Count = kept;
        if (kept > 0)
            return;
        shared.HoleBlocks.Return(_holes!);
        _holes = null;
    }

    /// <summary>The first hole whose repair is due.</summary>
    public readonly bool TryFindDue(MonoTime now, out ulong sequence)
    {
        sequence = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_holes![i].DueAt > now)
                continue;
            sequence = _holes[i].Sequence;
            return true;
        }

        return false;
    }

    public readonly MonoTime NextDue()
    {
        var next = MonoTime.Never;
        for (var i = 0; i < Count; i++)
            next = MonoTime.Min(next, _holes![i].DueAt);
        return next;
    }

    /// <summary>A repair is on its way: the next one is due when this one was lost beyond doubt.</summary>
    public readonly void MarkRepaired(ulong sequence, MonoTime now, Duration age)
    {
        var index = IndexOf(sequence);
        if (index < 0)
            return;
        ref var hole = ref _holes![index];
        hole.DueAt = now + RttEstimator.HoleAgeAfter(age, hole.Repairs);
        if (hole.Repairs < byte.MaxValue)
            hole.Repairs++;
    }

    private readonly int IndexOf(ulong sequence)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_holes![middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low < Count && _holes![low].Sequence == sequence ? low : ~low;
    }
}
