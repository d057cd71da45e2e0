using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// The pairs that were led another way. What reports do not show yet of it is known here and counts at both places; until they do, a pair rests, and
/// who is led elsewhere again and again rests longer each time. On the loop's thread alone.
/// </summary>
internal sealed class MovedBook
{
    private readonly List<PendingMove> _moves = [];
    private readonly Dictionary<(NodeId Origin, NodeId Destination), (int Times, MonoTime Last)> _pairs = [];
    private Dictionary<(NodeId Origin, NodeId Destination), bool> _resting = [];

    public void Add(MonoTime now, IReadOnlyList<Moved> moves)
    {
        foreach (var moved in moves)
        {
            _moves.Add(new(now, moved));
            var pair = (moved.Origin, moved.Destination);
            if (!_pairs.TryGetValue(pair, out var before) || before.Last != now)
                _pairs[pair] = (before.Times + 1, now);
        }
    }

    /// <summary>Looks at what reports show by now, and forgets what is over. True where anything is another since the last time, and is to be reckoned with.</summary>
    public bool Sweep(MonoTime now, LinkBook links)
    {
        var isNews = false;
        var hidden = new HashSet<(NodeId Origin, NodeId Destination)>();
        foreach (var move in _moves)
        {
            isNews |= move.Look(now, links);
            if (!move.IsShown)
                hidden.Add(move.Pair);
        }

        _moves.RemoveAll(move => move.IsOver(now));
        var resting = new Dictionary<(NodeId Origin, NodeId Destination), bool>();
        foreach (var (pair, moves) in _pairs)
        {
            var isFirm = hidden.Contains(pair) || now < moves.Last + RestOf(moves.Times, ControllerLimits.MostRestsWhenFull);
            if (isFirm || now < moves.Last + RestOf(moves.Times, ControllerLimits.MostRests))
                resting.Add(pair, isFirm);
            if (now >= moves.Last + ControllerLimits.LoadForgets)
                _pairs.Remove(pair);
        }

        isNews |= _resting.Any(before => !resting.TryGetValue(before.Key, out var isFirm) || isFirm != before.Value);
        _resting = resting;
        return isNews;
    }

    /// <summary>Links of which it is known why they carry more or less than a moment ago.</summary>
    public HashSet<(NodeId From, NodeId To)> Stepped()
    {
        var stepped = new HashSet<(NodeId From, NodeId To)>();
        foreach (var move in _moves)
        {
            foreach (var way in (ReadOnlySpan<NodeId[]>)[move.Before, move.After])
            {
                for (var i = 1; i < way.Length; i++)
                    stepped.Add((way[i - 1], way[i]));
            }
        }

        return stepped;
    }

    /// <summary>Brings what was moved into the loads of a topology.</summary>
    public void Tell(Topology topology, LinkLoads loads)
    {
        foreach (var move in _moves)
        {
            int[] before = [.. move.Before.Select(topology.IndexOf)], after = [.. move.After.Select(topology.IndexOf)];
            if (!after.Contains(-1))
                loads.NoteMoved(before.Contains(-1) ? [] : before, after, move.Rate, place => move.UnshownBy(topology.Nodes[place]));
        }

        foreach (var (pair, isFirm) in _resting)
            loads.LetRest(topology.IndexOf(pair.Origin), topology.IndexOf(pair.Destination), isFirm);
    }

    private static Duration RestOf(int times, int most) => ControllerLimits.LoadSettle * (long)Math.Min(1 << Math.Min(times - 1, 16), most);
}
