using WeCan.Contracts.Control.Routing;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History;

/// <summary>What was recorded in one slot of the finest level, on its way to the disk.</summary>
/// <param name="Slot">When it began.</param>
/// <param name="Through">All slots before this time are over.</param>
/// <param name="Points">Its series.</param>
/// <param name="Looks">Where an hour is over too: one look at links of which no more is kept.</param>
internal sealed record HistorySlot(long Slot, long Through, IReadOnlyDictionary<SeriesKey, HistoryPoint> Points, IReadOnlyList<(SeriesKey Key, LinkReport Link)> Looks);
