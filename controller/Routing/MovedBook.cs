using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// The pairs that were led another way. For as long as reports may not show it they count at both places, and rest; who is led elsewhere again
/// and again rests longer each time. On the loop's thread alone.
/// </summary>
internal sealed class MovedBook
{
    private readonly Queue<(MonoTime At, Moved Moved)> _moved = [];
    private readonly Dictionary<(NodeId Origin, NodeId Destination), (int Times, MonoTime Last)> _pairs = [];
    private MonoTime _sweptAt;

    /// <summary>Whether there is anything that reports may not show yet.</summary>
    public bool IsEmpty => _moved.Count == 0;

    public void Add(MonoTime now, IReadOnlyList<Moved> moves)
    {
        foreach (var moved in moves)
        {
            _moved.Enqueue((now, moved));
            var pair = (moved.Origin, moved.Destination);
            if (!_pairs.TryGetValue(pair, out var before) || before.Last != now)
                _pairs[pair] = (before.Times + 1, now);
        }
    }

    /// <summary>Forgets what is over. True where somebody has rested since the last time, and is to be looked at again.</summary>
    public bool Sweep(MonoTime now)
    {
        var hasRested = false;
        while (_moved.TryPeek(out var first) && now >= first.At + ControllerLimits.LoadSettle)
            _moved.Dequeue();
        foreach (var (pair, moves) in _pairs)
        {
            hasRested |= HasEnded(now, moves.Last + RestOf(moves.Times, ControllerLimits.MostRests)) || HasEnded(now, moves.Last + RestOf(moves.Times, ControllerLimits.MostRestsWhenFull));
            if (now >= moves.Last + ControllerLimits.LoadForgets)
                _pairs.Remove(pair);
        }

        _sweptAt = now;
        return hasRested;
    }

    /// <summary>Brings what was moved into the loads of a topology.</summary>
    public void Tell(MonoTime now, Topology topology, LinkLoads loads)
    {
        foreach (var (_, moved) in _moved)
        {
            var (before, after) = (PlacesOf(topology, moved, moved.Before), PlacesOf(topology, moved, moved.After));
            if (!after.Contains(-1))
                loads.NoteMoved(before.Contains(-1) ? [] : before, after, moved.Rate);
        }

        foreach (var (pair, moves) in _pairs)
        {
            if (now < moves.Last + RestOf(moves.Times, ControllerLimits.MostRests))
                loads.LetRest(topology.IndexOf(pair.Origin), topology.IndexOf(pair.Destination), now < moves.Last + RestOf(moves.Times, ControllerLimits.MostRestsWhenFull));
        }
    }

    private static Duration RestOf(int times, int most) => ControllerLimits.LoadSettle * (long)Math.Min(1 << Math.Min(times - 1, 16), most);

    private bool HasEnded(MonoTime now, MonoTime end) => _sweptAt < end && end <= now;

    private static int[] PlacesOf(Topology topology, Moved moved, Way way)
    {
        NodeId[] nodes = way.Relays switch
        {
            0 => [moved.Origin, moved.Destination],
            1 => [moved.Origin, way.First, moved.Destination],
            _ => [moved.Origin, way.First, way.Second, moved.Destination],
        };
        return [.. nodes.Select(topology.IndexOf)];
    }
}
