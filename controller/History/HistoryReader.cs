using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History;

/// <summary>
/// Answers questions about the past from what is on disk. What is not yet part of a coarser level is summed from the finer ones, so that an
/// answer of any resolution reaches to the slot that was written last. Any thread.
/// </summary>
internal sealed class HistoryReader(HistoryFiles files, HistoryCounters counters)
{
    /// <summary>The slots of one series that begin in [since, until), ascending.</summary>
    public SortedDictionary<long, HistoryPoint> Read(SeriesKey key, HistoryLevel level, long since, long until)
    {
        using var reads = new BlockReads();
        var slots = Collect(level, since, until, place => reads.Find(place, key) is { } point ? [new(key, point)] : []);
        Note(reads);
        var found = new SortedDictionary<long, HistoryPoint>();
        foreach (var (slot, points) in slots)
        {
            foreach (var point in points.Values)
                found[slot] = point;
        }

        return found;
    }

    /// <summary>All series of a kind, each summed over [since, until).</summary>
    public Dictionary<SeriesKey, HistoryPoint> Sum(SeriesKind kind, HistoryLevel level, long since, long until)
    {
        using var reads = new BlockReads();
        var sums = new Dictionary<SeriesKey, HistoryPoint>();
        foreach (var points in Collect(level, since, until, place => reads.Of(place, kind)).Values)
            Add(sums, points);
        Note(reads);
        return sums;
    }

    private SortedDictionary<long, Dictionary<SeriesKey, HistoryPoint>> Collect(HistoryLevel level, long since, long until, Func<BlockPlace, IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>>> read)
    {
        var slots = new SortedDictionary<long, Dictionary<SeriesKey, HistoryPoint>>();
        var places = files.At(level.Index);
        foreach (var place in places.Where(place => place.Slot >= since && place.Slot < until))
            Add(SlotIn(slots, place.Slot), read(place));
        var end = places.Count > 0 ? places[^1].Slot + level.Slot : 0;
        if (level.Index == 0 || end >= until)
            return slots;
        var made = new SortedSet<long>();
        foreach (var (finer, points) in Collect(HistoryLevel.All[level.Index - 1], Math.Max(since, end), until, read))
        {
            made.Add(level.SlotOf(finer));
            Add(SlotIn(slots, level.SlotOf(finer)), points);
        }

        // Five minutes that are not over have no mean yet.
        foreach (var slot in made.Where(slot => level.Index == HistoryLevel.Billing && slot + level.Slot <= files.EndOf(0)))
        {
            foreach (var point in slots[slot].Values)
                Billing.Settle(point);
        }

        return slots;
    }

    private void Note(BlockReads reads)
    {
        counters.Damaged(reads.Damaged);
        files.TellOfDamage(reads.Hurt);
    }

    private static Dictionary<SeriesKey, HistoryPoint> SlotIn(SortedDictionary<long, Dictionary<SeriesKey, HistoryPoint>> slots, long slot)
    {
        if (!slots.TryGetValue(slot, out var points))
            slots.Add(slot, points = []);
        return points;
    }

    private static void Add(Dictionary<SeriesKey, HistoryPoint> sums, IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>> points)
    {
        foreach (var (key, point) in points)
        {
            if (sums.TryGetValue(key, out var sum))
                sum.Add(point);
            else
                sums.Add(key, point);
        }
    }
}
