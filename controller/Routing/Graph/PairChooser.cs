using System.Runtime.CompilerServices;
using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Chooses the ways of one pair after the other, by what a search finds and what was held: a way that is held and can be used stays until
/// another is worth it, rank by rank. To choose again with what was chosen and the same costs changes nothing. One thread uses one.
/// </summary>
internal sealed class PairChooser(PairSearch search, RoutePolicy policy, NodeId[] nodes, ushort[] places)
{
    private int _origin;
    private int _destination;
    private int _reach;
    private int _least;
    private bool _isBroken;

    /// <summary>
    /// Chooses for the pair that the search was started for. The first way is the one that is given, if it can be used.
    /// </summary>
    public Choice Choose(int origin, int destination, in WaySet held, Way given)
    {
        (_origin, _destination, _reach, _least, _isBroken) = (origin, destination, 0, Topology.Unreachable, false);
        var ways = WaySet.None;
        var first = Pick(held, mayBeDirect: true);
        if (TryReckon(given, isTakenLeftOut: false, out var wanted))
            (first, _reach) = (wanted, Math.Max(_reach, wanted.Cost));
        var (way, mayBeDirect, backup) = (first, true, Topology.Unreachable);
        for (var rank = 0; !way.IsNone; rank++)
        {
            ways[rank] = WayOf(way);
            backup = rank == 0 ? backup : Math.Min(backup, way.Cost);
            if (rank + 1 == WaySet.MostWays)
                break;
            mayBeDirect &= !way.IsDirect;
            search.Take(way);
            way = Pick(held, mayBeDirect);
        }

        ways.SetDetour(Detour(held, first, backup));
        var cause = ways.IsSame(held) ? RouteCause.None
            : ways.IsNone ? RouteCause.Gone
            : held.IsNone ? RouteCause.First
            : _isBroken ? RouteCause.Broken
            : ways[0] == held[0] ? RouteCause.Backup : RouteCause.Better;
        var before = cause == RouteCause.Better && TryReckon(held[0], isTakenLeftOut: false, out var incumbent) ? incumbent.Cost : first.Cost;
        return new(ways, _reach, cause, before - first.Cost, before);
    }

    private FoundWay Pick(in WaySet held, bool mayBeDirect)
    {
        var found = search.Find(mayBeDirect);
        var picked = Keep(held, found, mayBeDirect);
        _reach = Math.Max(_reach, Math.Max(found.Cost, picked.Cost));
        _least = Math.Min(_least, found.Cost);
        return picked;
    }

    /// <summary>The first of the held ways that can still be used, unless what was found is worth leaving it.</summary>
    private FoundWay Keep(in WaySet held, in FoundWay found, bool mayBeDirect)
    {
        for (var rank = 0; rank < WaySet.MostWays && !held[rank].IsNone; rank++)
        {
            var way = held[rank];
            if (!found.IsNone && WayOf(found) == way)
                return found;
            if (way.IsDirect && !mayBeDirect)
                continue;
            if (TryReckon(way, isTakenLeftOut: true, out var incumbent))
                return policy.IsWorthIt(incumbent.Cost, found.Cost) ? found : incumbent;
        }

        return found;
    }

    /// <summary>
    /// The way around the first way's next node, where that is clearly better than all backups. There is none but for a first way of
    /// two relays: else the first backup leaves out the same.
    /// </summary>
    private Way Detour(in WaySet held, in FoundWay first, int backup)
    {
        // A detour costs no less than the best of all ways.
        if (first.Second < 0 || (held.Detour.IsNone && !policy.IsWorthIt(backup, _least)))
            return Way.None;
        search.Forget();
        search.Take(first with { Second = -1 });
        var found = search.Find(mayBeDirect: true);
        _reach = Math.Max(_reach, found.Cost);
        if (TryReckon(held.Detour, isTakenLeftOut: true, out var incumbent) && incumbent.Cost < backup && !policy.IsWorthIt(incumbent.Cost, found.Cost))
        {
            _reach = Math.Max(_reach, incumbent.Cost);
            return held.Detour;
        }

        return !found.IsNone && policy.IsWorthIt(backup, found.Cost) ? WayOf(found) : Way.None;
    }

    /// <summary>What a way that was held costs now. False where it cannot be used any more, or passes what is taken.</summary>
    private bool TryReckon(Way way, bool isTakenLeftOut, out FoundWay reckoned)
    {
        reckoned = FoundWay.None;
        if (way.IsNone)
            return false;
        var first = way.Relays > 0 ? places[way.First.Value] - 1 : -1;
        var second = way.Relays > 1 ? places[way.Second.Value] - 1 : -1;
        if ((way.Relays > 0 && !CanPass(first)) || (way.Relays > 1 && (!CanPass(second) || first == second)))
            return Broke();
        if (isTakenLeftOut && ((first >= 0 && search.IsTaken(first)) || (second >= 0 && search.IsTaken(second))))
            return false;
        var onward = search.Onward;
        var cost = way.Relays switch
        {
            0 => onward.Links(_origin)[_destination],
            1 => onward.Links(_origin)[first] + onward.Last(_destination)[first],
            _ => onward.Links(_origin)[first] + Math.Min(onward.Links(first)[second] + onward.RelayTime, Topology.Unreachable),
        };
        cost = Math.Min(cost, Topology.Unreachable);
        if (way.Relays > 1)
            cost += onward.Last(_destination)[second];
        if (cost >= Topology.Unreachable)
            return Broke();
        reckoned = new(cost, first, second);
        return true;
    }

    private bool Broke()
    {
        _isBroken = true;
        return false;
    }

    private bool CanPass(int place) => place >= 0 && place != _origin && place != _destination && search.Onward.Carries(place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Way WayOf(in FoundWay way) => new(way.First < 0 ? NodeId.None : nodes[way.First], way.Second < 0 ? NodeId.None : nodes[way.Second]);
}
