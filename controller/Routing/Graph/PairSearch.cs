using System.Numerics;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Finds the cheapest ways of at most two relays from one node to another that leave out relays which are taken, one pair after
/// the other; one thread uses one. What it finds is exact, and the first of those that cost the same. It is handed the best first
/// relays of a pair, each with the least that it can give; only where these do not suffice it goes through the others.
/// </summary>
internal sealed class PairSearch
{
    private readonly int[] _takenAt;
    private readonly int[] _taken;
    private readonly int[] _left;
    private readonly RankedSums[] _behind;
    private readonly int[] _behindAt;
    private readonly Onward _onward;
    private int[] _links = [];
    private RankedSums _firsts;
    private Vector512<int> _rest;
    private int _turn;
    private int _takenCount;
    private int _leftOut;
    private int _leftFor = -1;
    private int _origin;
    private int _destination = -1;
    private int _behindTurn;

    public PairSearch(Onward onward)
    {
        _onward = onward;
        _takenAt = new int[onward.Count];
        _taken = new int[onward.Count];
        _left = new int[onward.Topology.Stride];
        _behind = new RankedSums[onward.Count];
        _behindAt = new int[onward.Count];
    }

    public Onward Onward => _onward;

    /// <summary>Turns to a pair, with the sums of the origin's links and the ways on to the destination. Nothing is taken yet.</summary>
    public void Start(int origin, int destination, in RankedSums firsts)
    {
        PutBack();
        if (_destination != destination)
            (_leftFor, _behindTurn) = (-1, _behindTurn + 1);
        (_origin, _destination, _links, _firsts) = (origin, destination, _onward.Links(origin), firsts);
        Forget();
    }

    /// <summary>The same, and ranks by itself.</summary>
    public void Start(int origin, int destination)
    {
        SumScan.Rank(_onward.Links(origin), _onward.To(destination), out var firsts);
        Start(origin, destination, firsts);
    }

    /// <summary>Leaves a relay out of what is found from here on; nothing is done where there is none.</summary>
    public void Take(int relay)
    {
        if (relay < 0 || IsTaken(relay))
            return;
        _takenAt[relay] = _turn;
        _taken[_takenCount++] = relay;
    }

    /// <summary>Nothing is taken any more.</summary>
    public void Forget()
    {
        PutBack();
        _turn++;
        _takenCount = 0;
        _rest = _firsts.Least;
        Take(_origin);
    }

    public bool IsTaken(int relay) => _takenAt[relay] == _turn;

    /// <summary>The best way that leaves out what is taken, and the direct link too if it may not be used.</summary>
    public FoundWay Find(bool mayBeDirect)
    {
        var best = mayBeDirect && _links[_destination] < Topology.Unreachable ? new FoundWay(_links[_destination], -1, -1) : FoundWay.None;
        var rest = _rest;
        while (true)
        {
            // What a first relay promises is the least that it can give: nothing later is better.
            var least = SumScan.Least(rest);
            if (least > best.Cost || least >= Topology.Unreachable)
                break;
            var lane = BitOperations.TrailingZeroCount(Vector512.Equals(rest, Vector512.Create(least)).ExtractMostSignificantBits());
            var first = _firsts.Places[lane];
            var isOne = Vector512.Equals(Vector512<int>.Indices, Vector512.Create(lane));
            rest = Vector512.ConditionalSelect(isOne, Vector512.Create(int.MaxValue), rest);
            if (IsTaken(first))
                _rest = Vector512.ConditionalSelect(isOne, Vector512.Create(int.MaxValue), _rest);
            else
                best = Better(best, least, first);
        }

        return best.Cost < _firsts.Others || _firsts.Others >= Topology.Unreachable ? best : Widen(best);
    }

    /// <summary>The first relays that are not among the ranked ones, as far as they can be better than what was found.</summary>
    private FoundWay Widen(FoundWay best)
    {
        var to = _onward.To(_destination);
        var at = 0;
        while ((at = SumScan.Next(_links, to, at, _firsts.Others, Math.Min(best.Cost, Topology.Unreachable - 1), out var bits)) < to.Length)
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
        var via = _onward.Via(_destination, first);
        var way = via < 0 || !IsTaken(via) ? new(cost, first, via) : Around(first);
        return way.IsBefore(best) ? way : best;
    }

    /// <summary>The best way by a first relay whose own best way on leads over what is taken.</summary>
    private FoundWay Around(int first)
    {
        if (!TryRanked(first, out var over, out var second))
        {
            var least = Scan(first);
            (over, second) = (SumScan.SumOf(least), SumScan.PlaceOf(least));
        }

        var direct = _onward.Links(first)[_destination];
        var cost = Math.Min(_links[first] + _onward.RelayTime + Math.Min(Math.Min(direct, over), Topology.Unreachable), Topology.Unreachable);
        return cost >= Topology.Unreachable ? FoundWay.None : new(cost, first, direct <= over ? -1 : second);
    }

    /// <summary>
    /// The best second relay behind a first one, from those that were ranked when first asked for behind it: other origins of the same
    /// destination ask again. False where it is not certain from them alone.
    /// </summary>
    private bool TryRanked(int first, out int over, out int second)
    {
        if (_behindAt[first] != _behindTurn)
        {
            SumScan.Rank(_onward.Links(first), _onward.Last(_destination), out _behind[first]);
            _behindAt[first] = _behindTurn;
        }

        ref readonly var ranked = ref _behind[first];
        var rest = ranked.Least;
        while (true)
        {
            over = SumScan.Least(rest);
            var lanes = Vector512.Equals(rest, Vector512.Create(over));
            var bits = lanes.ExtractMostSignificantBits();
            second = ranked.Places[BitOperations.TrailingZeroCount(bits)];
            if (over >= ranked.Others || (bits & (bits - 1)) != 0)
                return false;
            if (!IsTaken(second))
                return true;
            rest = Vector512.ConditionalSelect(lanes, Vector512.Create(int.MaxValue), rest);
        }
    }

    /// <summary>The same, from all there are.</summary>
    private long Scan(int first)
    {
        if (_leftFor != _destination)
        {
            _onward.Last(_destination).CopyTo(_left);
            (_leftFor, _leftOut) = (_destination, 0);
        }

        for (; _leftOut < _takenCount; _leftOut++)
            _left[_taken[_leftOut]] = Topology.Unreachable;
        return SumScan.Least(_onward.Links(first), _left);
    }

    private void PutBack()
    {
        if (_leftFor < 0)
            return;
        var last = _onward.Last(_leftFor);
        while (_leftOut > 0)
        {
            var place = _taken[--_leftOut];
            _left[place] = last[place];
        }
    }
}
