using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Traffic;
using WeCan.Controller.Core;
using WeCan.Controller.History.Points;
using WeCan.Controller.History.Recording;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing;

namespace WeCan.Controller.History;

/// <summary>
/// What nodes report, made into slots of the finest level, as it comes. Slots begin at times of the wall clock, as people ask by it. A clock that
/// was set back by a little is waited for: what comes until it has caught up goes into the newest slot, and to the disk as often as ever. Slots go
/// back with one that goes back by more than <see cref="ControllerLimits.ClockLeap"/>, as it was ahead before (<see cref="WallClock"/>). It
/// outlives the cores that hand it reports. On the loop's thread alone; what is closed goes to <paramref name="closed"/>.
/// </summary>
/// <param name="begins">The first slot is not before this time.</param>
/// <param name="closed">Takes each slot.</param>
/// <param name="links">Directions of links of which everything is kept.</param>
/// <param name="pairs">Pairs of edges of which a slot keeps something.</param>
internal sealed class HistoryRecorder(long begins, Action<HistorySlot> closed, int links = HistoryLimits.Links, int pairs = HistoryLimits.Pairs)
{
    private static readonly Duration Overdue = Duration.FromSeconds(HistoryLevel.Finest.Slot + 1);

    private readonly LinkRecorder _links = new(links);
    private readonly TrafficRecorder _traffic = new(pairs);
    private long _begins = begins;
    private long _slot = -1;
    private ControllerTime _last;
    private MonoTime _openedAt;
    private MonoTime? _lookedFirst;
    private LinkBook? _book;
    private MembershipHistory? _members;

    public void Take(MonoTime now, NodeId node, LinkReportsMessage message, MembershipHistory members) => _links.Take(now, node, message, members);

    /// <summary>What a node tells of its traffic.</summary>
    public void Take(NodeId node, NodeTrafficMessage message, MembershipHistory members, RouteDesk routing) => _traffic.Take(node, message, members, routing);

    /// <summary>Pairs that found no room since this was asked last.</summary>
    public int TakePairsDropped() => _traffic.TakeDropped();

    /// <summary>To be called about twice a second.</summary>
    public void HandleTimeout(ControllerTime now, RouteDesk routing, MembershipHistory members)
    {
        ArgumentNullException.ThrowIfNull(routing);
        (_last, _book, _members) = (now, routing.Links, members);
        _lookedFirst ??= now.Mono;

        if (now.Mono >= _lookedFirst + HistoryLimits.ClockSettles && new UnixTime(_slot) > now.Wall + ControllerLimits.ClockLeap)
            _slot = _begins = HistoryLevel.Finest.SlotOf(now.Wall.Seconds);
        var slot = Math.Max(HistoryLevel.Finest.SlotOf(now.Wall.Seconds), Math.Max(_begins, _slot));
        if (_slot >= 0 && slot == _slot && now.Mono < _openedAt + Overdue)
            return;
        if (_slot >= 0)
            Close(slot);
        (_slot, _openedAt) = (slot, now.Mono);
    }

    /// <summary>The program ends: what the open slot has so far is closed.</summary>
    public void Finish()
    {
        if (_slot >= 0)
            Close(_slot);
    }

    private void Close(long next)
    {
        var points = new Dictionary<SeriesKey, HistoryPoint>();
        _links.Close(_last.Mono, _book!, _members!, points);
        _traffic.Close(points);
        var hour = HistoryLevel.Coarsest.SlotOf(_slot);
        var looks = HistoryLevel.Coarsest.SlotOf(next) > hour ? _links.Look(_last.Mono, _book!, _members!, hour / HistoryLevel.Coarsest.Slot) : [];
        closed(new(_slot, next, points, looks));
    }
}
