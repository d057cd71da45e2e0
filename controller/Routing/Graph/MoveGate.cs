using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Which of the pairs that would go another way do so in this round. Those whose way is dead go at once, those whose way has become very
/// bad too; of the others those first that gain most, up to the policy's cap. Where loads count, each is asked what its own traffic would
/// make of the way it would come to, after all who go before it: it goes if that is still better, by another way if this is, and else it stays.
/// </summary>
internal sealed class MoveGate(RouteJob job, ClassPlane[] planes)
{
    private readonly List<PairMove> _waiting = [];
    private readonly List<(PairMove Move, Way Way)> _settled = [];
    private readonly List<Moved> _moves = [];
    private readonly Dictionary<(RouteClass, NodeId, NodeId), RouteCause> _stays = [];
    private RouteCause _cause;
    private readonly HashSet<(byte Plane, ushort Origin, ushort Destination)> _isSettled = [];
    private RoundLoads? _round;
    private FlowEstimate? _flows;
    private readonly Dictionary<(ushort Origin, ushort Destination, Way Held), PairTraffic> _traffic = [];
    private HashSet<(byte Plane, ushort Origin, ushort Destination)>? _inTurn;
    private int _searches;
    private int _searchesInTurn;

    /// <summary>Pairs whose turn it was not.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many have had their turn, with those of this round.</summary>
    public int Turn { get; private set; } = job.Turn;

    /// <summary>Each pair with the way that it takes now, none where it takes the best.</summary>
    public IReadOnlyList<(PairMove Move, Way Way)> Settled => _settled;

    /// <summary>Who stays for now, and is to be looked at again.</summary>
    public IReadOnlyList<PairMove> Stayed => _waiting;

    /// <summary>Why those stay; not all of them, where these are many.</summary>
    public IReadOnlyDictionary<(RouteClass Service, NodeId Origin, NodeId Destination), RouteCause> Stays => _stays;

    /// <summary>Who carries traffic elsewhere.</summary>
    public IReadOnlyList<Moved> Moves => _moves;

    public void Admit(List<PairMove> moves)
    {
        var order = Ordered(moves);
        if (job.Topology.Loads is { } loads)
            Prepare(loads, order);
        var room = job.Policy.Cap(job.Nodes.Length);
        foreach (var move in order)
        {
            if (_isSettled.Contains((move.Plane, move.Origin, move.Destination)))
                continue;
            var isFree = move.IsUrgent || move.IsForced;
            if (!isFree && room == 0)
            {
                Waiting++;
                Stay(move, RouteCause.Waits);
            }
            else if (TryGo(move))
            {
                room -= isFree ? 0 : 1;
            }
            else
            {
                Stay(move, _cause);
            }
        }
    }

    /// <summary>
    /// Who must go first; then who brings much, as that may leave the others where they are; then who gains most. All classes of a pair are one after the other, as they
    /// mostly go together.
    /// </summary>
    private List<PairMove> Ordered(List<PairMove> moves)
    {
        var loads = job.Topology.Loads;
        var gains = new Dictionary<(int, int), int>();
        foreach (var move in moves)
            gains[(move.Origin, move.Destination)] = Math.Max(gains.GetValueOrDefault((move.Origin, move.Destination)), move.IsForced ? int.MaxValue : move.Gain);
        return [.. moves.OrderByDescending(move => move.IsForced).ThenByDescending(move => loads is not null && MostOf(loads, HeldPlaces(move)) >= GraphLimits.LeastFlow)
            .ThenByDescending(move => gains[(move.Origin, move.Destination)]).ThenBy(move => move.Origin).ThenBy(move => move.Destination).ThenBy(move => move.Plane)];
    }

    private void Prepare(LinkLoads loads, List<PairMove> moves)
    {
        var asked = new bool[job.Nodes.Length * job.Nodes.Length];
        var isAsked = false;
        foreach (var move in moves)
        {
            var way = HeldPlaces(move);
            if (MostOf(loads, way) < GraphLimits.LeastFlow && !IsPressed(loads, planes[move.Plane].Service, way))
                continue;
            for (var i = 1; i < way.Length; i++)
                isAsked = asked[loads.LinkAt(way[i - 1], way[i])] = true;
        }

        if (!isAsked)
            return;
        TakeTurns(loads, moves);
        (_round, _flows) = (new(job.Topology, loads, job.RelayTime), new(job, loads, asked));
    }

    /// <summary>
    /// Where more may look for a way than a round has time for, those that gain most and find none would have all of it in each round. So half of it goes round.
    /// </summary>
    private void TakeTurns(LinkLoads loads, List<PairMove> moves)
    {
        var some = moves.Where(move => !move.IsForced && MostOf(loads, HeldPlaces(move)) >= GraphLimits.LeastFlow)
            .Select(move => (move.Plane, move.Origin, move.Destination)).OrderBy(pair => pair.Origin).ThenBy(pair => pair.Destination).ThenBy(pair => pair.Plane).ToList();
        if (some.Count <= GraphLimits.MostSearches)
            return;
        var first = Turn % some.Count;
        _inTurn = [.. Enumerable.Range(first, GraphLimits.SearchesInTurn).Select(at => some[at % some.Count])];
        Turn = first + GraphLimits.SearchesInTurn;
    }

    private static bool IsPressed(LinkLoads loads, RouteClass service, int[] way)
    {
        for (var i = 1; i < way.Length; i++)
        {
            if (loads.CostOf(service, way[i - 1], way[i]) > 0)
                return true;
        }

        return false;
    }

    private void Stay(PairMove move, RouteCause cause)
    {
        if (_stays.Count < GraphLimits.StaysTold)
            _stays.Add((planes[move.Plane].Service, job.Nodes[move.Origin], job.Nodes[move.Destination]), cause);
        _waiting.Add(move);
        Settle(move, Held(move)[0]);
    }

    private bool TryGo(PairMove move)
    {
        var loads = job.Topology.Loads;
        var (way, service) = (HeldPlaces(move), planes[move.Plane].Service);
        if (loads is null)
            return Settle(move, Way.None);
        _cause = RouteCause.Rests;
        if (loads.IsResting(move.Origin, move.Destination, loads.IsFull(service, way)) && !move.IsForced)
            return false;
        _cause = RouteCause.Loaded;
        if (_round is null || way.Length == 0)
            return Settle(move, Way.None);
        var own = loads.PlacesOf(way);
        var rate = RateOf(move);
        if (MostOf(loads, way) < GraphLimits.LeastFlow && rate < GraphLimits.LeastFlow)
            return (move.IsForced || IsStillWorthIt(move, _round.CostOf(service, way, own, 0))) && Settle(move, Way.None);
        if (!_traffic.TryGetValue((move.Origin, move.Destination, Held(move)[0]), out var traffic))
            _traffic.Add((move.Origin, move.Destination, Held(move)[0]), traffic = new(_round, own));
        traffic.CountOut();
        var (best, isPressed) = BestOf(move, service, way, own, ref rate);
        traffic.CountIn();
        if (best.IsNone)
            return move.IsForced && Settle(move, Way.None);
        var chosen = new Way(best.First < 0 ? default : job.Nodes[best.First], best.Second < 0 ? default : job.Nodes[best.Second]);
        Note(move, chosen, traffic.Lead(chosen, loads.PlacesOf(job.PlacesOf(move.Origin, chosen, move.Destination)), rate));
        if (isPressed)
            TakeAlong(move, chosen);
        return Settle(move, chosen);
    }

    /// <summary>The way that a pair is to go with its traffic, which may be taken for less than it was; none where it stays. And whether it leaves a way that load makes dear.</summary>
    private (FoundWay Best, bool IsPressed) BestOf(PairMove move, RouteClass service, int[] way, List<int> own, ref int rate)
    {
        var (loads, round) = (job.Topology.Loads!, _round!);
        var isPressed = move.IsForced || round.HasLoadCost(service, way, own);
        var brought = isPressed ? rate : (int)Math.Min(MostOf(loads, way), (long)rate * GraphLimits.Caution);
        var held = move.IsForced ? Topology.Unreachable : round.CostOf(service, way, own, rate);
        var best = Search(service, move, own, brought, held);
        if (!move.IsForced && (best.IsNone || !job.Policy.IsWorthIt(held, best.Cost)) && own.Exists(loads.IsFull))
        {
            // That a full way hides as much again is a guess, and no way may have room for so much: one that has enough for what is shown, and is not full by it, will do.
            rate /= 2;
            best = Search(service, move, own, rate, Math.Min(held, round.BaseOf(service, way) + (int)loads.Curve.Time.Microseconds));
        }

        return (best.IsNone || move.IsForced || job.Policy.IsWorthIt(held, best.Cost) ? best : FoundWay.None, isPressed);
    }

    /// <summary>After those who bring much have left, those who bring little may be well off where they are.</summary>
    private bool IsStillWorthIt(PairMove move, int now) => job.Policy.IsWorthIt(now, move.Held - move.Gain);

    private void Note(PairMove move, Way chosen, int rate) =>
        _moves.Add(new(planes[move.Plane].Service, job.Nodes[move.Origin], job.Nodes[move.Destination], Held(move)[0], chosen, rate));

    /// <summary>
    /// What the classes of a pair send that go the same way: which of them it is that sends, nobody knows.
    /// </summary>
    private int RateOf(PairMove move)
    {
        var (rate, held) = (0L, Held(move)[0]);
        for (var each = 0; each < Topology.Classes; each++)
        {
            if (job.Held((RouteClass)each, move.Origin, move.Destination)[0] == held)
                rate += _flows!.RateOf((RouteClass)each, move.Origin, move.Destination);
        }

        return (int)Math.Min(rate, GraphLimits.MostRate);
    }

    /// <summary>A full way is left by all classes of a pair that go over it, where the other way is open to them.</summary>
    private void TakeAlong(PairMove move, Way chosen)
    {
        var way = job.PlacesOf(move.Origin, chosen, move.Destination);
        for (byte at = 0; at < planes.Length; at++)
        {
            var other = move with { Plane = at };
            var service = planes[at].Service;
            if (at == move.Plane || !planes[at].Holds(move.Origin, move.Destination) || _isSettled.Contains((at, move.Origin, move.Destination))
                || Held(other)[0] != Held(move)[0] || way[1..^1].Any(relay => !planes[at].Onward.Carries(relay))
                || Enumerable.Range(1, way.Length - 1).Any(hop => job.Topology.Cost(service, way[hop - 1], way[hop]) >= Topology.Unreachable))
                continue;
            Note(other, chosen, 0);
            Settle(other, chosen);
        }
    }

    private bool Settle(PairMove move, Way way)
    {
        _settled.Add((move, way));
        _isSettled.Add((move.Plane, move.Origin, move.Destination));
        return true;
    }

    /// <summary>The best way of at most two relays for a pair with its traffic. What a link costs who is on it is the least that it can cost.</summary>
    private FoundWay Search(RouteClass service, PairMove move, List<int> own, int rate, int held)
    {
        var isInTurn = _inTurn?.Contains((move.Plane, move.Origin, move.Destination)) == true;
        var most = _inTurn is null ? GraphLimits.MostSearches : GraphLimits.SearchesInTurn;
        if (isInTurn ? _searchesInTurn++ >= most : _searches++ >= most)
        {
            (Waiting, _cause) = (Waiting + 1, RouteCause.Waits);
            return FoundWay.None;
        }

        var topology = job.Topology;
        var (origin, destination, relayTime) = ((int)move.Origin, (int)move.Destination, job.RelayTime);
        var best = FoundWay.None;
        Try([origin, destination], topology.Cost(service, origin, destination), -1, -1);
        for (var first = 0; first < topology.Count; first++)
        {
            var to = topology.Cost(service, origin, first) + relayTime;
            if (to >= Math.Min(best.Cost, held) || first == destination || !topology.MayCarry(service, origin, destination, first))
                continue;
            Try([origin, first, destination], to + topology.Cost(service, first, destination), first, -1);
            var row = topology.Row(service, first);
            for (var second = 0; second < topology.Count; second++)
            {
                var least = to + row[second] + relayTime;
                if (least >= Math.Min(best.Cost, held) || second == origin || second == destination || second == first || !topology.MayCarry(service, origin, destination, second))
                    continue;
                Try([origin, first, second, destination], least + topology.Cost(service, second, destination), first, second);
            }
        }

        return best;

        void Try(ReadOnlySpan<int> way, int least, int first, int second)
        {
            if (least >= Math.Min(best.Cost, held))
                return;
            var cost = _round!.CostOf(service, way, own, rate);
            best = cost < best.Cost ? new(cost, first, second) : best;
        }
    }

    private WaySet Held(PairMove move) => job.Held(planes[move.Plane].Service, move.Origin, move.Destination);

    private int[] HeldPlaces(PairMove move) => job.PlacesOf(move.Origin, Held(move)[0], move.Destination);

    /// <summary>No pair sends more than the least of what its links carry.</summary>
    private static int MostOf(LinkLoads loads, int[] way)
    {
        var most = int.MaxValue;
        for (var i = 1; i < way.Length; i++)
            most = Math.Min(most, loads.Measured(loads.LinkAt(way[i - 1], way[i])));
        return way.Length == 0 ? 0 : most;
    }
}
