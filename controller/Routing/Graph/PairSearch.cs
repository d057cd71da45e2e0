using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Finds the cheapest ways of at most two relays from one node to another that leave out relays which are taken, one pair after
/// the other; one thread uses one. What it finds is exact, and the first of those that cost the same. It is handed the best first
/// relays of a pair, one in each lane, with the ways on behind each: what a lane costs without what is taken is reckoned for all of them at once. Only
/// where these do not suffice it goes through the others.
/// </summary>
internal sealed class PairSearch(Onward onward)
{
    /// <summary>No place, and no relay of any way on.</summary>
    private const int Nobody = int.MinValue;

    /// <summary>In the place of a second relay: which it is has to be looked for.</summary>
    private const int Open = -3;

    /// <summary>The origin, and the relays of all ways but the last.</summary>
    private const int MostTaken = 1 + (2 * (WaySet.MostWays - 1));

    private readonly int[] _takenAt = new int[onward.Count];
    private readonly int[] _taken = new int[MostTaken];
    private int[] _links = [];
    private int _others;
    private int _turn;
    private int _takenCount;
    private int _origin;
    private int _destination;

    // Of each lane: what it promises, its first relay, the three ways on, and what of these is taken.
    private Vector512<int> _sums;
    private Vector512<int> _places;
    private Vector512<int> _bestVia;
    private Vector512<int> _secondVia;
    private Vector512<int> _thirdVia;
    private Vector512<int> _secondMore;
    private Vector512<int> _thirdMore;
    private Vector512<int> _isTaken;
    private Vector512<int> _isBestTaken;
    private Vector512<int> _isSecondTaken;
    private Vector512<int> _isThirdTaken;

    public Onward Onward => onward;

    /// <summary>Turns to a pair, with what was gathered for it. Nothing is taken yet.</summary>
    public void Start(int origin, int destination, FirstRelays firsts, int at)
    {
        (_origin, _destination, _links) = (origin, destination, onward.Links(origin));
        ref readonly var ranked = ref firsts.Ranked(at);
        (_sums, _places, _others) = (ranked.Least, ranked.Places, ranked.Others);
        _bestVia = firsts.Via(at);
        var (lower, upper) = firsts.Alternates(at);
        (_secondVia, _thirdVia) = Alternates.Relays(lower, upper);
        (_secondMore, _thirdMore) = Alternates.Mores(lower, upper);
        Forget();
    }

    /// <summary>Leaves the relays of a way out of what is found from here on.</summary>
    public void Take(in FoundWay way)
    {
        Take(way.First);
        Take(way.Second);
    }

    /// <summary>Nothing is taken any more.</summary>
    public void Forget()
    {
        _turn++;
        _takenCount = 0;
        _isTaken = _isBestTaken = _isSecondTaken = _isThirdTaken = Vector512<int>.Zero;
        Take(_origin);
    }

    public bool IsTaken(int relay) => _takenAt[relay] == _turn;

    /// <summary>The best way that leaves out what is taken, and the direct link too if it may not be used.</summary>
    public FoundWay Find(bool mayBeDirect)
    {
        var best = mayBeDirect && _links[_destination] < Topology.Unreachable ? new FoundWay(_links[_destination], -1, -1) : FoundWay.None;
        var cheapest = Cheapest();
        if (cheapest.Second == Open && cheapest.Cost < best.Cost)
            cheapest = Look(best);

        // Of those that cost the same the direct link is first.
        best = cheapest.Cost < best.Cost ? cheapest : best;
        return best.Cost < _others || _others >= Topology.Unreachable ? best : Widen(best);
    }

    /// <summary>
    /// The best lane without what is taken, the first of those that cost the same. Over which relay it goes on is not known where that is
    /// <see cref="Open"/>, and it costs at least that.
    /// </summary>
    private FoundWay Cheapest()
    {
        var isThird = _isBestTaken & _isSecondTaken;
        var more = Vector512.ConditionalSelect(isThird, _thirdMore, _secondMore) & _isBestTaken;
        var vias = Vector512.ConditionalSelect(isThird, _thirdVia, Vector512.ConditionalSelect(_isBestTaken, _secondVia, _bestVia));
        var isOpen = (isThird & _isThirdTaken) | Vector512.Equals(more, Vector512.Create(Alternates.Far));
        var isGone = _isTaken | Vector512.Equals(vias, Vector512.Create(Alternates.NoWay));
        return SumScan.LeastWay(
            Vector512.ConditionalSelect(isGone, Vector512.Create(Topology.Unreachable), _sums + more), _places, Vector512.ConditionalSelect(isOpen, Vector512.Create(Open), vias));
    }

    /// <summary>The best lane that is better than what was found, each looked at by itself: the ways on that are known do not suffice.</summary>
    private FoundWay Look(FoundWay best)
    {
        for (var lane = 0; lane < Vector512<int>.Count; lane++)
        {
            if (_sums[lane] <= best.Cost && !IsTaken(_places[lane]))
                best = Better(best, _sums[lane], _places[lane]);
        }

        return best;
    }

    /// <summary>The first relays that are in no lane, as far as they can be better than what was found.</summary>
    private FoundWay Widen(FoundWay best)
    {
        var to = onward.To(_destination);
        var at = 0;
        while ((at = SumScan.Next(_links, to, at, _others, Math.Min(best.Cost, Topology.Unreachable - 1), out var bits)) < to.Length)
        {
            for (; bits != 0; bits &= bits - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(bits);
                if (!IsTaken(place))
                    best = Better(best, _links[place] + to[place], place);
            }

            at += Vector512<int>.Count;
        }

        return best;
    }

    private FoundWay Better(in FoundWay best, int cost, int first)
    {
        var via = onward.Via(_destination)[first];
        if (!IsTakenWay(via))
            return Better(best, new(cost, first, via));
        var alternates = onward.AlternatesTo(_destination)[first];
        var isThird = IsTakenWay(alternates.Second);
        var (second, more) = isThird ? (alternates.Third, alternates.ThirdMore) : (alternates.Second, alternates.SecondMore);
        if (second == Alternates.NoWay || cost + more > best.Cost)
            return best;
        return Better(best, more == Alternates.Far || IsTakenWay(second) ? Around(first) : new(cost + more, first, second));
    }

    private bool IsTakenWay(int via) => via >= 0 && IsTaken(via);

    private static FoundWay Better(in FoundWay best, in FoundWay way) => way.IsBefore(best) ? way : best;

    /// <summary>The best way by a first relay whose ways on that are known lead over what is taken.</summary>
    private FoundWay Around(int first)
    {
        var least = SumScan.Least(onward.Links(first), onward.Last(_destination), _taken.AsSpan(0, _takenCount));
        var (over, second) = (SumScan.SumOf(least), SumScan.PlaceOf(least));
        var direct = onward.Links(first)[_destination];
        var cost = Math.Min(_links[first] + onward.RelayTime + Math.Min(Math.Min(direct, over), Topology.Unreachable), Topology.Unreachable);
        return cost >= Topology.Unreachable ? FoundWay.None : new(cost, first, direct <= over ? -1 : second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int relay)
    {
        // Nothing is done where there is none; but which ways have a second relay nobody can foresee, nor can the processor.
        var one = Vector512.Create(relay < 0 ? Nobody : relay);
        _isTaken |= Vector512.Equals(_places, one);
        _isBestTaken |= Vector512.Equals(_bestVia, one);
        _isSecondTaken |= Vector512.Equals(_secondVia, one);
        _isThirdTaken |= Vector512.Equals(_thirdVia, one);
        if (relay < 0)
            return;
        _takenAt[relay] = _turn;
        _taken[_takenCount++] = relay;
    }
}
