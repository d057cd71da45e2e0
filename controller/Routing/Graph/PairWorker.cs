using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>What one thread chooses with: goes through pairs of one class after another and brings what is chosen to the job.</summary>
internal sealed class PairWorker(RouteJob job)
{
    private readonly FirstRelays _firsts = new();
    private readonly Dictionary<int, (PairSearch Search, PairChooser Chooser)> _tools = [];
    private ClassPlane? _plane;
    private PairSearch? _search;
    private PairChooser? _chooser;
    private readonly List<PairMove> _moves = [];
    private int _changed;
    private int _missing;
    private (RouteClass Service, NodeId Origin, NodeId Destination)? _example;
    private byte _at;

    /// <summary>Pairs that would go another way, where that is not for them alone to say.</summary>
    public IReadOnlyList<PairMove> Moves => _moves;

    /// <param name="plane">The pairs of which class and scope.</param>
    /// <param name="at">Its place among the planes.</param>
    public void TurnTo(ClassPlane plane, int at)
    {
        _at = (byte)at;
        if (_plane == plane)
            return;
        _plane = plane;
        if (!_tools.TryGetValue(at, out var tools))
        {
            var search = new PairSearch(plane.Onward);
            _tools.Add(at, tools = (search, new(search, job.Policy, job.Nodes, job.Places)));
        }

        (_search, _chooser) = tools;
    }

    /// <summary>The ways of all pairs to the destinations of one tile, for which the ways on were just reckoned.</summary>
    public void ChooseAll(int tile)
    {
        var count = _plane!.Onward.Count;
        var end = Math.Min((tile + 1) * Onward.Tile, count);
        for (var origin = 0; origin < count; origin += FirstRelays.Origins)
        {
            var lastOrigin = Math.Min(origin + FirstRelays.Origins, count) - 1;
            for (var destination = tile * Onward.Tile; destination < end; destination += FirstRelays.Destinations)
                ChooseBlock(origin, lastOrigin, destination, Math.Min(destination + FirstRelays.Destinations, end) - 1);
        }

        Count();
    }

    private void ChooseBlock(int firstOrigin, int lastOrigin, int firstDestination, int lastDestination)
    {
        _firsts.Gather(_plane!.Onward, firstOrigin, lastOrigin, firstDestination, lastDestination);
        for (var origin = firstOrigin; origin <= lastOrigin; origin++)
        {
            for (var destination = firstDestination; destination <= lastDestination; destination++)
            {
                if (_plane.Holds(origin, destination))
                    Choose(origin, destination, FirstRelays.At(origin - firstOrigin, destination - firstDestination));
            }
        }
    }

    /// <summary>The ways of one pair that were chosen before.</summary>
    public void ChooseAgain(int origin, int destination)
    {
        _missing -= job.Held(_plane!.Service, origin, destination).IsNone ? 1 : 0;
        _firsts.Gather(_plane.Onward, origin, destination);
        Choose(origin, destination, 0);
        Count();
    }

    /// <summary>The ways of a pair of which it was settled by which way it goes first; none where that is the best.</summary>
    public void Settle(PairMove move, Way way)
    {
        _firsts.Gather(_plane!.Onward, move.Origin, move.Destination);
        _search!.Start(move.Origin, move.Destination, _firsts, 0);
        ref readonly var held = ref job.Held(_plane.Service, move.Origin, move.Destination);
        Put(move.Origin, move.Destination, _chooser!.Choose(move.Origin, move.Destination, held, way));
        Count();
    }

    private void Choose(int origin, int destination, int at)
    {
        if (origin == destination)
            return;
        _search!.Start(origin, destination, _firsts, at);
        ref readonly var held = ref job.Held(_plane!.Service, origin, destination);
        var choice = _chooser!.Choose(origin, destination, held, Way.None);
        if (choice.Ways.IsNone)
            (_missing, _example) = (_missing + 1, (_plane.Service, job.Nodes[origin], job.Nodes[destination]));
        var isForced = choice.Cause == RouteCause.Broken && job.Topology.Loads is not null && choice.Ways[0] != held[0];
        if (job.IsGated && (isForced || (choice.Cause == RouteCause.Better)))
            _moves.Add(new(_at, (ushort)origin, (ushort)destination, choice.Gain, choice.Held, RoutePolicy.IsEmergency(choice.Held, choice.Held - choice.Gain), isForced));
        else
            Put(origin, destination, choice);
    }

    private void Put(int origin, int destination, in Choice choice)
    {
        _plane!.SetReach(origin, destination, choice.Reach);
        if (choice.Cause == RouteCause.None)
            return;
        job.Put(_plane.Service, origin, destination, choice.Ways);
        _changed++;
    }

    private void Count()
    {
        job.CountChanged(_changed);
        job.CountMissing(_plane!.Service, _missing, _example);
        (_changed, _missing, _example) = (0, 0, null);
    }
}
