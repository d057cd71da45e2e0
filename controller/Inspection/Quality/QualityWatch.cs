using System.Globalization;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.History.Points;
using WeCan.Controller.Service;

namespace WeCan.Controller.Inspection.Quality;

/// <summary>
/// Tells of pairs of edges whose Realtime packets do not come in time: one event and one line of the log when the share of ten seconds falls below what
/// the policy asks, with why as far as that is known, and one when it was enough for <see cref="InspectionLimits.QualityGoodSlots"/> slots. So a pair is told of twice in
/// 40 s at most. Of pairs that fall in one slot the worst <see cref="InspectionLimits.QualityTold"/> are told, and how many more there are. It sees each slot once, as the
/// history does, and remembers pairs with traffic alone. On the loop's thread alone.
/// </summary>
internal sealed class QualityWatch(EventHub hub, RouteHistory history, ILogger log)
{
    public const string Low = "quality_low";
    public const string Back = "quality_back";

    private readonly Queue<HistorySlot> _slots = [];
    private readonly Dictionary<SeriesKey, PairWatch> _pairs = [];

    /// <summary>A slot is over: it is looked at when the step is.</summary>
    public void Take(HistorySlot slot) => _slots.Enqueue(slot);

    public void Look(ControllerCore core, ControllerTime now)
    {
        while (_slots.TryDequeue(out var slot))
            Judge(core, now, slot);
    }

    private void Judge(ControllerCore core, ControllerTime now, HistorySlot slot)
    {
        foreach (var key in slot.Points.Keys.Where(key => key.Kind == SeriesKind.Quality && key != SeriesKey.Network))
            _pairs.TryAdd(key, new(QualityCause.WayOf(core, new(key.From), new(key.To))));
        var fallen = new List<(SeriesKey Key, PairWatch Pair)>();
        foreach (var (key, pair) in _pairs)
        {
            var turn = pair.Take(slot.Slot, slot.Points.GetValueOrDefault(key), slot.Points.ContainsKey(SeriesKey.Traffic(new(key.To))), core.Routing.Document.Quality.InTime);
            if (turn == QualityTurn.Falls)
                fallen.Add((key, pair));
            else if (turn == QualityTurn.Recovers && pair.IsTold)
                TellBack(core, now, key, pair);
        }

        if (fallen.Count > 0)
            TellLow(core, now, [.. fallen.OrderBy(pair => pair.Pair.Lowest).ThenBy(pair => pair.Key.Order)]);
        foreach (var (key, pair) in _pairs)
        {
            pair.Way = QualityCause.WayOf(core, new(key.From), new(key.To));
            if (pair.IsOver)
                _pairs.Remove(key);
        }
    }

    private void TellLow(ControllerCore core, ControllerTime now, List<(SeriesKey Key, PairWatch Pair)> fallen)
    {
        var cause = new QualityCause(core, now, history);
        foreach (var (key, pair) in fallen.Take(InspectionLimits.QualityTold))
        {
            pair.IsTold = true;
            var (from, to) = (new NodeId(key.From), new NodeId(key.To));
            Tell(now, Low, ServiceLog.QualityLow, $"{Share(pair.Lowest)} of the Realtime packets from {core.History.NameOf(from)} to {core.History.NameOf(to)} were in time in the ten seconds from {new UnixTime(pair.Since)}, and {pair.Missed} were not. {cause.Of(from, to, pair.Way)}", from, to);
        }

        if (fallen.Count > InspectionLimits.QualityTold)
            Tell(now, Low, ServiceLog.QualityLow, $"The same is so of {fallen.Count - InspectionLimits.QualityTold} more pairs: \"wecan quality --resolution 10s\" shows the worst.");
    }

    private void TellBack(ControllerCore core, ControllerTime now, SeriesKey key, PairWatch pair)
    {
        pair.IsTold = false;
        var (from, to) = (new NodeId(key.From), new NodeId(key.To));
        var time = Duration.FromSeconds(pair.LastLow - pair.Since + HistoryLevel.Finest.Slot);
        Tell(now, Back, ServiceLog.QualityBack, $"Enough of the Realtime packets from {core.History.NameOf(from)} to {core.History.NameOf(to)} are in time again, or none are sent: for {time} too few were, from {new UnixTime(pair.Since)} on, at worst {Share(pair.Lowest)}; {pair.Missed} of {pair.Packets} were not.", from, to);
    }

    private void Tell(ControllerTime now, string kind, Action<ILogger, string> line, string text, params IReadOnlyList<NodeId> nodes)
    {
        hub.Tell(now.Wall, kind, text, nodes);
        line(log, text);
    }

    /// <summary>Rounded down: what is not all is not told as 100 %.</summary>
    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1_000) / 10:0.#} %");
}
