using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Sessions;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>
/// A network whose traffic is a fluid, in virtual time: flows of edges follow the first way that the real route desk gave them, a while after it
/// did; links carry what fits and drop the rest in proportion; nodes report what they sent in the last second as real ones do, once a second and only
/// what is news, each at a moment of its own, as late and as wrong as the test wants.
/// </summary>
internal sealed class FluidWorld
{
    private const double Step = 0.05;

    /// <summary>How long a word of the controller is on its way to a node.</summary>
    private const double WordTime = 0.05;

    private readonly Random _random;
    private readonly List<Member> _members = [];
    private readonly Dictionary<(int From, int To), FluidLink> _links = [];
    private readonly Dictionary<(int Node, NodeId Peer), LinkReport> _said = [];
    private readonly PriorityQueue<(int Node, LinkReportsMessage Message), double> _late = new();
    private readonly Dictionary<int, double> _nodeCapacity = [];
    private readonly Dictionary<int, (RoundTripWatch Watch, Queue<(double At, uint Number)> Answers)> _roundTrips = [];
    private readonly RouteDesk _desk;
    private double _seconds;

    public FluidWorld(int seed, int edges, int relays, PolicyDocument policy)
    {
        _random = new(seed);
        for (var node = 1; node <= edges + relays; node++)
        {
            _members.Add(new()
            {
                Number = new((ushort)node),
                Role = node <= edges ? NodeRole.Edge : NodeRole.Relay,
                Key = Samples.OverlayKey((ulong)node),
                Name = $"n{node}",
                Expires = Samples.Start + Duration.FromSeconds(1e7),
            });
        }

        var state = new ControllerState { Network = Samples.Network };
        foreach (var member in _members)
            state.Members.Add(member.Number, new(member, default, default, 0, Samples.Start));
        _desk = new(policy, new(state), new());
    }

    public List<FluidFlow> Flows { get; } = [];

    public double Seconds => _seconds;

    public RouteDesk Desk => _desk;

    /// <summary>How long a report is on its way.</summary>
    public double ReportDelay { get; init; }

    /// <summary>Measured rates are wrong by up to this part.</summary>
    public double RateNoise { get; init; }

    /// <summary>What a link carries is measured wrong by up to this part.</summary>
    public double BandwidthNoise { get; init; }

    /// <summary>What the traffic of each flow shakes by, from one second to the next.</summary>
    public double FlowNoise { get; init; }

    /// <summary>Both directions; a round trip in milliseconds, and what each direction carries in Mbit/s.</summary>
    public void Link(int one, int other, double rtt, double capacity)
    {
        _links[(one, other)] = new(rtt, capacity);
        _links[(other, one)] = new(rtt, capacity);
    }

    /// <summary>What all links of a node together carry, in each direction.</summary>
    public void Limit(int node, double capacity) => _nodeCapacity[node] = capacity;

    public void Cut(int one, int other)
    {
        _links.Remove((one, other));
        _links.Remove((other, one));
    }

    public FluidFlow Add(int from, int to, double rate, RouteClass service = RouteClass.Realtime)
    {
        Flows.Add(new(from, to, service) { Rate = rate });
        return Flows[^1];
    }

    /// <summary>Runs, and answers for how long at most any link, or any node that has a limit, was over this load without a break.</summary>
    public double Run(double seconds, double over = 0.85)
    {
        var worst = 0.0;
        for (var until = _seconds + seconds; _seconds < until - 1e-9; _seconds += Step)
        {
            Compute();
            Send();
            foreach (var link in _links.Values)
                worst = Math.Max(worst, link.Watch(Step, over));
            for (var node = 1; node <= _members.Count; node++)
                Report(node);
            while (_late.TryPeek(out _, out var at) && at <= _seconds)
            {
                var (node, message) = _late.Dequeue();
                _desk.Take(Now, new((ushort)node), message);
                _desk.TakeRoundTrip(new((ushort)node), RoundTripOf(node));
            }
        }

        return worst;
    }

    public double LoadOf(int from, int to) => _links[(from, to)].Load;

    /// <summary>The relays of a flow's way now.</summary>
    public string WayOf(FluidFlow flow) => string.Join(' ', flow.Path.Skip(1).SkipLast(1));

    private MonoTime Now => MonoTime.FromSeconds(_seconds);

    private void Compute()
    {
        if (_desk.TakeWork(Now) is { } work)
            _desk.Finish(Now, work.Run());
        foreach (var flow in Flows)
            flow.Follow(_seconds, _desk.Table);
    }

    /// <summary>What flows send passes link after link; a link that is asked for more than it carries drops of each the same part.</summary>
    private void Send()
    {
        if ((int)_seconds != (int)(_seconds - Step))
        {
            foreach (var flow in Flows)
                flow.Shake = 1 + (FlowNoise * ((_random.NextDouble() * 2) - 1));
        }

        var arriving = Flows.Select(flow => flow.Rate * flow.Shake).ToArray();
        foreach (var link in _links.Values)
            link.Begin();
        for (var hop = 1; hop <= 3; hop++)
        {
            for (var i = 0; i < Flows.Count; i++)
            {
                if (hop < Flows[i].Path.Length && _links.TryGetValue((Flows[i].Path[hop - 1], Flows[i].Path[hop]), out var link))
                    link.Ask(arriving[i]);
                else if (hop < Flows[i].Path.Length)
                    arriving[i] = 0;
            }

            var shares = _nodeCapacity.ToDictionary(pair => pair.Key, pair => Math.Min(1, pair.Value / Math.Max(_links.Where(link => link.Key.From == pair.Key).Sum(link => link.Value.Asked), 1e-9)));
            for (var i = 0; i < Flows.Count; i++)
            {
                if (hop < Flows[i].Path.Length && _links.TryGetValue((Flows[i].Path[hop - 1], Flows[i].Path[hop]), out var link))
                    arriving[i] *= Math.Min(Math.Min(1, link.Capacity / link.Asked), shares.GetValueOrDefault(Flows[i].Path[hop - 1], 1));
            }
        }

        foreach (var (ends, link) in _links)
            link.End(Step, _nodeCapacity.TryGetValue(ends.From, out var limit) ? limit / Math.Max(limit, _links.Where(other => other.Key.From == ends.From).Sum(other => other.Value.Asked)) : 1);
        foreach (var (node, limit) in _nodeCapacity)
        {
            var all = _links.Where(link => link.Key.From == node).ToList();
            var load = all.Sum(link => link.Value.Asked) / limit;
            foreach (var link in all)
                link.Value.Load = Math.Max(link.Value.Load, load);
        }
    }

    /// <summary>Each node has its own moment of the second.</summary>
    private void Report(int node)
    {
        var phase = node * 0.37 % 1;
        if (Math.Floor(_seconds - phase) == Math.Floor(_seconds - Step - phase) && _seconds > Step)
            return;
        var reports = new List<LinkReport>();
        foreach (var (ends, link) in _links.Where(link => link.Key.From == node).OrderBy(link => link.Key.To))
        {
            reports.Add(new(new((ushort)ends.To), LinkState.Proven)
            {
                Rtt = Duration.FromMilliseconds(link.Rtt * (1 + (0.01 * _random.NextDouble()))),
                MinRtt = Duration.FromMilliseconds(link.Rtt),
                Bandwidth = Bandwidth.FromMegabitsPerSecond(link.Capacity * Noise(BandwidthNoise)),
                Used = Bandwidth.FromMegabitsPerSecond(link.TakeSent(_seconds) * Noise(RateNoise)),
            });
        }

        // The first is full; from then on what is news, and an empty one says that all is as it was.
        var isFirst = !_said.Keys.Any(said => said.Node == node);
        var news = reports.Where(report => !_said.TryGetValue((node, report.Peer), out var said) || report.IsNewsAfter(said)).ToList();
        foreach (var report in news)
            _said[(node, report.Peer)] = report;
        var there = reports.Select(report => report.Peer).ToHashSet();
        foreach (var gone in _said.Keys.Where(said => said.Node == node && !there.Contains(said.Peer)).ToList())
        {
            _said.Remove(gone);
            news.Add(new(gone.Peer, LinkState.Gone));
        }

        _late.Enqueue((node, new(isFirst, true, news)), _seconds + ReportDelay);
    }

    /// <summary>As a session asks it: with a report, and the answer is as late as a report.</summary>
    private Duration RoundTripOf(int node)
    {
        if (!_roundTrips.TryGetValue(node, out var watch))
            _roundTrips.Add(node, watch = (new(), new()));
        while (watch.Answers.TryPeek(out var next) && next.At <= _seconds)
            watch.Watch.Answer(MonoTime.FromSeconds(next.At), watch.Answers.Dequeue().Number);
        if (watch.Watch.TryAsk(Now, out var number))
            watch.Answers.Enqueue((_seconds + WordTime + ReportDelay, number));
        return watch.Watch.At(Now);
    }

    private double Noise(double part) => 1 + (part * ((_random.NextDouble() * 2) - 1));
}
