using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What is remembered of one class from one computation to the next: the search's own tables, and how far each pair's choice reached, that
/// is, the most that any way cost which it looked for or kept. A link over which no way of a pair costs as little,
/// neither before nor after it changed, cannot matter to that pair.
/// </summary>
internal sealed class ClassPlane
{
    private readonly int[] _reach;
    private readonly int[] _tail;
    private readonly ulong[] _isTouched;
    private readonly List<(int Origin, int Destination)> _touched = [];

    public ClassPlane(Topology topology, RouteClass service, int scope, int relayTime)
    {
        Onward = new(topology, service, scope, relayTime);
        IsWhole = topology.Restrictions.Scopes(service) == 1;
        _reach = new int[topology.Count * topology.Stride];
        _reach.AsSpan().Fill(-1);
        _tail = new int[topology.Stride];
        _isTouched = new ulong[((topology.Count * topology.Count) + 63) / 64];
    }

    public Onward Onward { get; }

    public RouteClass Service => Onward.Service;

    /// <summary>All pairs are of this plane, as nothing restricts the class.</summary>
    public bool IsWhole { get; }

    public bool Holds(int origin, int destination) =>
        IsWhole || Onward.Topology.Restrictions.ScopeOf(Service, origin, destination) == Onward.Scope;

    /// <summary>The pairs to which a change may have mattered since they were last taken.</summary>
    public IReadOnlyList<(int Origin, int Destination)> Touched => _touched;

    public void SetReach(int origin, int destination, int reach) => _reach[(origin * Onward.Topology.Stride) + destination] = Math.Min(reach, Topology.Unreachable - 1);

    public void ForgetTouched()
    {
        foreach (var (origin, destination) in _touched)
            _isTouched[((origin * Onward.Count) + destination) / 64] = 0;
        _touched.Clear();
    }

    public void Touch(int origin, int destination)
    {
        var at = (origin * Onward.Count) + destination;
        ref var word = ref _isTouched[at / 64];
        var bit = 1UL << (at % 64);
        if (origin == destination || (word & bit) != 0 || !Holds(origin, destination))
            return;
        word |= bit;
        _touched.Add((origin, destination));
    }

    /// <summary>One direction of one link costs something else.</summary>
    public void Change(int from, int to, int cost)
    {
        // What a way over this link costs at least, before or after.
        var least = Math.Min(Onward.Links(from)[to], cost);
        Onward.Change(from, to, cost);
        if (least >= Topology.Unreachable)
            return;
        Touch(from, to);
        if (Onward.Carries(to))
            TouchBehindFirst(from, to, least);
        if (Onward.Carries(from))
            TouchBeforeLast(from, to, least);
        if (Onward.Carries(from) && Onward.Carries(to))
            TouchAround(from, to, least);
    }

    /// <summary>The pairs whose ways may begin with the link.</summary>
    private void TouchBehindFirst(int from, int to, int least)
    {
        for (var destination = 0; destination < Onward.Count; destination++)
        {
            if (least + Onward.To(destination)[to] <= Reach(from, destination))
                Touch(from, destination);
        }
    }

    /// <summary>The pairs whose ways may end with the link.</summary>
    private void TouchBeforeLast(int from, int to, int least)
    {
        var toFrom = Onward.To(from);
        for (var origin = 0; origin < Onward.Count; origin++)
        {
            if (origin == from)
                continue;
            var before = Onward.Carries(origin) ? toFrom[origin]
                : Math.Min(Onward.Links(origin)[from], SumScan.SumOf(SumScan.Least(Onward.Links(origin), Onward.Last(from)))) + Onward.RelayTime;
            if (before < Topology.Unreachable && before + least <= Reach(origin, to))
                Touch(origin, to);
        }
    }

    /// <summary>The pairs whose ways may have the link between two relays.</summary>
    private void TouchAround(int from, int to, int least)
    {
        var links = Onward.Links(to);
        for (var i = 0; i < links.Length; i++)
            _tail[i] = Math.Min(links[i] + Onward.RelayTime, Topology.Unreachable);
        ref var tail = ref MemoryMarshal.GetArrayDataReference(_tail);
        ref var reach = ref MemoryMarshal.GetArrayDataReference(_reach);
        for (var origin = 0; origin < Onward.Count; origin++)
        {
            var head = Onward.Links(origin)[from] + Onward.RelayTime + least;
            if (head >= Topology.Unreachable)
                continue;
            var heads = Vector512.Create(head);
            var row = origin * _tail.Length;
            for (var at = 0; at < _tail.Length; at += Vector512<int>.Count)
            {
                var ways = heads + Vector512.LoadUnsafe(ref tail, (nuint)at);
                for (var bits = Vector512.LessThanOrEqual(ways, Vector512.LoadUnsafe(ref reach, (nuint)(row + at))).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                    Touch(origin, at + BitOperations.TrailingZeroCount(bits));
            }
        }
    }

    private int Reach(int origin, int destination) => _reach[(origin * Onward.Topology.Stride) + destination];
}
