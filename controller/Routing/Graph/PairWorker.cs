namespace WeCan.Controller.Routing.Graph;

/// <summary>What one thread chooses with: goes through pairs of one class after another and brings what is chosen to the job.</summary>
internal sealed class PairWorker(RouteJob job)
{
    /// <summary>Origins that are gone through together: what lies behind the relays is read once for all of them.</summary>
    public const int OriginTile = 32;

    private readonly RankedSums[] _ranked = new RankedSums[OriginTile];
    private ClassPlane? _plane;
    private PairSearch? _search;
    private PairChooser? _chooser;
    private int _changed;

    public void TurnTo(ClassPlane plane)
    {
        if (_plane == plane)
            return;
        _plane = plane;
        _search = new(plane.Onward);
        _chooser = new(_search, job.Policy, job.Nodes, job.Places);
    }

    /// <summary>The ways from some nodes that follow one another to all others.</summary>
    public void ChooseAll(int firstOrigin, int count)
    {
        var onward = _plane!.Onward;
        var ranked = _ranked.AsSpan();
        var last = firstOrigin + count - 1;
        for (var destination = 0; destination < onward.Count; destination++)
        {
            var to = onward.To(destination);
            for (var each = 0; each < count; each += 4)
            {
                var origin = firstOrigin + each;
                SumScan.RankFour(
                    onward.Links(origin), onward.Links(Math.Min(origin + 1, last)), onward.Links(Math.Min(origin + 2, last)), onward.Links(Math.Min(origin + 3, last)), to, ranked[each..]);
            }

            for (var each = 0; each < count; each++)
                Choose(firstOrigin + each, destination, ranked[each]);
        }

        Count();
    }

    /// <summary>The ways of one pair.</summary>
    public void Choose(int origin, int destination)
    {
        SumScan.Rank(_plane!.Onward.Links(origin), _plane.Onward.To(destination), out var ranked);
        Choose(origin, destination, ranked);
        Count();
    }

    private void Choose(int origin, int destination, in RankedSums ranked)
    {
        if (origin == destination)
            return;
        _search!.Start(origin, destination, ranked);
        ref readonly var held = ref job.Held(_plane!.Service, origin, destination);
        var choice = _chooser!.Choose(origin, destination, held);
        _plane.SetReach(origin, destination, choice.Reach);
        if (choice.Cause == RouteCause.None)
            return;
        job.Put(_plane.Service, origin, destination, choice.Ways);
        _changed++;
    }

    private void Count()
    {
        job.CountChanged(_changed);
        _changed = 0;
    }
}
