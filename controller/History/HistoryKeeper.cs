using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.History.Recording;

namespace WeCan.Controller.History;

/// <summary>
/// Puts slots on disk and makes the coarser levels of them. A slot of a coarser level is the sum of the finer ones in it, made once, when all of
/// these are over; what a crash or a full disk has kept from being made is made with the next slot that can be written. A slot that lies before what
/// is on disk says that the clock was ahead: what lies behind it is set aside. On one thread; nothing that goes wrong ends it.
/// </summary>
internal sealed class HistoryKeeper(HistoryFiles files, HistoryCounters counters, Action<string?> tell)
{
    private bool _isFailing;

    /// <summary>Takes one slot. Where the disk does not, the slot is let go of and counted, and what is on disk stays as it is.</summary>
    public void Keep(HistorySlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        var isKept = slot.Points.Count == 0;
        try
        {
            if (slot.Slot < files.Begins)
                files.SetAside(slot.Slot);
            if (!isKept)
                Append(HistoryLevel.Finest, slot.Slot, slot.Points);
            isKept = true;
            var hasRolled = false;
            foreach (var level in HistoryLevel.All.Skip(1))
                hasRolled |= Roll(level, slot.Through);
            Keep(slot.Looks, slot.Slot);
            if (hasRolled)
                files.Synchronise();
            counters.Holds(files.Bytes);
            if (_isFailing)
                tell(null);
            _isFailing = false;
        }
        catch (Exception failure)
        {
            if (!isKept)
                counters.Dropped(slot.Points.Count);
            if (!_isFailing)
                tell(failure.Message);
            _isFailing = true;
        }
    }

    /// <summary>Nothing more is written: what was stays.</summary>
    public void Synchronise()
    {
        try
        {
            files.Synchronise();
        }
        catch (Exception failure)
        {
            tell(failure.Message);
        }
    }

    /// <summary>True where a slot was over.</summary>
    private bool Roll(HistoryLevel level, long through)
    {
        var end = files.EndOf(level.Index);
        var over = from place in files.At(level.Index - 1)
                   where place.Slot >= end
                   group place by level.SlotOf(place.Slot) into slot
                   where slot.Key + level.Slot <= through
                   select slot;
        using var reads = new BlockReads();
        var slots = over.ToList();
        foreach (var slot in slots)
        {
            var points = new Dictionary<SeriesKey, HistoryPoint>();
            foreach (var place in slot)
                Add(points, reads.All(place));
            LetPairsGo(points);
            if (level.Index == HistoryLevel.Billing)
            {
                foreach (var point in points.Values)
                    Billing.Settle(point);
            }

            Append(level, slot.Key, points);
        }

        Note(reads);
        return slots.Count > 0;
    }

    /// <summary>Each finer slot may have other pairs: those stay of which most was to be expected.</summary>
    private void LetPairsGo(Dictionary<SeriesKey, HistoryPoint> points)
    {
        var most = points.Where(pair => pair.Key.Kind == SeriesKind.Quality && pair.Key != SeriesKey.Network)
            .OrderByDescending(pair => pair.Value[QualityTallies.Expected].Total).ThenBy(pair => pair.Key.Order);
        foreach (var (key, _) in most.Skip(HistoryLimits.Pairs).ToList())
        {
            points.Remove(key);
            counters.Dropped(1);
        }
    }

    private void Keep(IReadOnlyList<(SeriesKey Key, Contracts.Control.Routing.LinkReport Link)> looks, long slot)
    {
        var hour = HistoryLevel.Coarsest.SlotOf(slot);
        if (looks.Count == 0 || files.EndOf(HistoryLevel.Coarsest.Index) > hour + HistoryLevel.Coarsest.Slot)
            return;
        var points = new Dictionary<SeriesKey, HistoryPoint>();
        foreach (var (key, link) in looks)
        {
            var point = new HistoryPoint(SeriesKind.Link);
            LinkTrack.Add(point, link, HistoryLimits.LookWeight.Nanoseconds / 1_000_000);
            points[key] = point;
        }

        Append(HistoryLevel.Coarsest, hour, points);
    }

    private void Note(BlockReads reads)
    {
        counters.Damaged(reads.Damaged);
        files.TellOfDamage(reads.Hurt);
    }

    private void Append(HistoryLevel level, long slot, IReadOnlyDictionary<SeriesKey, HistoryPoint> points)
    {
        files.Append(level, slot, BlockBytes.Make(level.Index, slot, points));
        counters.Kept(points.Count);
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
