using System.Collections.Immutable;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Swarm;

/// <summary>Draws a whole plan from a seed: the same seed, the same plan.</summary>
public sealed class SwarmPlanner
{
    private const ulong PlanStream = 1UL << 40;
    private const ulong BreadthStream = 1UL << 45;
    private const ulong RouteStream = 1UL << 44;
    private const ulong MulticastStream = 1UL << 46;
    private const ulong RealtimeMulticastStream = 1UL << 47;
    private const ulong SealingStream = 1UL << 48;
    private const ulong UplinkStream = 1UL << 49;
    private const ulong HearsayStream = 1UL << 50;
    private const ulong RemovalStream = 1UL << 51;

    private const ulong TalkStream = 1UL << 52;

    /// <summary>Alternates are drawn apart, so that they changed nothing else of what a seed draws.</summary>
    private const ulong AlternateStream = 1UL << 43;

    /// <summary>What one link may be asked to carry in a run: so much time of its rate, and never more than these bytes.</summary>
    private const double BudgetSeconds = 7;
    private const double BudgetBytes = 8_000_000;

    /// <summary>The share of storms that last until links have changed their keys and tried full datagrams again.</summary>
    private const double LongStorms = 0.04;

    /// <summary>The share of overlays whose nodes have alternates, and how many each has to one destination at most.</summary>
    private const double WithAlternates = 0.75;

    /// <summary>The share of nodes whose uplink has a rate, and the least that it may be.</summary>
    private const double WithUplink = 0.7;
    private const double LeastUplinkMbps = 1;

    /// <summary>The share of calls that have false addresses before the true one, and how many.</summary>
    private const double WithHearsay = 0.3;
    private const int MaxFalse = ControlLimits.MaxAddresses - 1;

    private const int MaxAlternates = 3;

    private readonly ulong _seed;
    private readonly Draws _draws;
    private readonly Topology _topology;
    private readonly Dictionary<(int From, int To), ImmutableArray<int>> _routes = [];
    private readonly List<SwarmFlow> _flows = [];
    private ImmutableArray<SwarmLink> _links;
    private double[] _budgets = [];

    private SwarmPlanner(ulong seed)
    {
        _seed = seed;
        _draws = new(WanRandom.Derive(seed, PlanStream));
        _topology = Topology.Draw(_draws);
    }

    public static SwarmPlan Draw(ulong seed, int edition = SwarmPlan.LatestEdition)
    {
        var planner = new SwarmPlanner(seed);
        var plan = planner.Draw();
        if (edition == 1)
            return plan;
        var breadth = new BreadthPlanner(new(WanRandom.Derive(seed, BreadthStream)), plan.Nodes, plan.Links, plan.HealAt);
        plan = breadth.AddTo(plan with { Edition = edition, Alternates = [.. planner.DrawAlternates()] });
        if (edition == 2)
            return plan;
        plan = new RoutePlanner(new(WanRandom.Derive(seed, RouteStream)), planner._topology).AddTo(plan);
        if (edition == 3)
            return plan;
        plan = planner.AddMulticasts(plan);
        if (edition < 6)
            return plan;
        plan = planner.AddRealtimeMulticasts(plan);
        if (edition == 6)
            return plan;
        plan = new SealingPlanner(new(WanRandom.Derive(seed, SealingStream))).AddTo(plan);
        if (edition == 7)
            return plan;
        plan = AddUplinks(plan, new(WanRandom.Derive(seed, UplinkStream)));
        if (edition == 8)
            return plan;
        plan = AddHearsay(plan, new(WanRandom.Derive(seed, HearsayStream)));
        if (edition == 9)
            return plan;
        plan = MulticastPlanner.AddRemovals(plan, new(WanRandom.Derive(seed, RemovalStream)));
        return edition == 10 ? plan : AddTalks(plan, new(WanRandom.Derive(seed, TalkStream)));
    }

    private static SwarmPlan AddTalks(SwarmPlan plan, Draws draws) => plan with
    {
        Talks = [.. plan.Clients.Select(client => new SwarmTalk(client.Index, draws.Milliseconds(20, 150), (int)draws.Scaled(16, 6_000), draws.Milliseconds(100, 1_000)))],
    };

    private SwarmPlan Draw()
    {
        var healAt = MonoTime.FromMilliseconds(_draws.Chance(LongStorms) ? _draws.Between(105_000, 130_000) : _draws.Between(5_000, 16_000));
        var nodes = Enumerable.Range(0, _topology.Nodes).Select(DrawNode).ToImmutableArray();
        var weather = new WeatherPlanner(_draws, _topology, healAt);
        var scenario = weather.Draw(_seed, nodes);
        _links = weather.Links;
        _budgets = [.. _links.Select(link => Math.Min(link.RateMbps * 1e6 / 8 * BudgetSeconds, BudgetBytes))];
        for (var wanted = _draws.Between(2, 14); wanted > 0; wanted--)
            DrawFlow();
        return new()
        {
            Seed = _seed,
            Topology = _topology.Name,
            Nodes = nodes,
            Links = _links,
            Routes = [.. _routes.Values],
            Flows = [.. _flows],
            Crashes = weather.Crashes,
            Scenario = scenario,
            HealAt = healAt,
        };
    }

    private SwarmNode DrawNode(int place) => new(
        place,
        _draws.Pick(1L, 4L, 64L) << 20,
        _draws.Pick(4L, 16L, 64L) << 20,
        _draws.Chance(0.3) ? 0 : _draws.Between(-200.0, 200.0));

    private void DrawFlow()
    {
        var from = _draws.Between(0, _topology.Nodes - 1);
        var to = _draws.Between(0, _topology.Nodes - 1);
        if (from == to || !TryRoute(from, to, out var forth) || !TryRoute(to, from, out _))
            return;
        var budget = BudgetOf(forth);
        var volume = budget * _draws.Between(0.1, 0.7);
        if (volume < 2_000)
            return;
        var flow = _draws.Between(0, 2) switch
        {
            0 => DrawRealtime(from, to, forth, volume),
            1 => DrawStream(from, to, ServiceClass.Signal, volume),
            _ => DrawStream(from, to, ServiceClass.Bulk, volume),
        };
        _flows.Add(flow);
        Spend(forth, flow.Volume);
    }

    private SwarmFlow DrawStream(int from, int to, ServiceClass serviceClass, double volume)
    {
        var isBulk = serviceClass == ServiceClass.Bulk;
        var most = (int)Math.Min(volume / 2, _draws.Scaled(64, isBulk ? 1 << 20 : 32_768));
        return new()
        {
            Index = _flows.Count,
            From = from,
            To = to,
            Class = serviceClass,
            Priority = (byte)_draws.Between(0, 7),
            Start = _draws.Milliseconds(0, 2_000),
            Interval = Duration.FromMilliseconds(_draws.Scaled(5, 1_000)),
            Burst = _draws.Chance(0.7) ? 1 : _draws.Between(2, 40),
            MinSize = 0,
            MaxSize = most,
            Volume = (long)volume,
            SlowReader = _draws.Chance(0.15),
            CloseAfter = _draws.Chance(0.15) ? _draws.Between(1, 60) : 0,
        };
    }

    private SwarmFlow DrawRealtime(int from, int to, ImmutableArray<int> route, double volume)
    {
        var deadline = _draws.Chance(0.4) ? 200 : _draws.Scaled(20, 2_000);
        var video = _draws.Chance(0.3);
        return new()
        {
            Index = _flows.Count,
            From = from,
            To = to,
            Class = ServiceClass.Realtime,
            Priority = (byte)_draws.Between(0, 7),
            Deadline = Duration.FromMilliseconds(Math.Round(deadline)),
            Start = _draws.Milliseconds(0, 2_000),
            Interval = video ? _draws.Milliseconds(30, 100) : _draws.Milliseconds(5, 60),
            Burst = _draws.Chance(0.8) ? 1 : _draws.Between(2, 6),
            MinSize = SwarmContent.RealtimeHead,
            MaxSize = video ? _draws.Between(1_201, 20_000) : _draws.Between(40, 1_200),
            Volume = (long)Math.Min(volume, 60_000.0 * route.Length),
        };
    }

    private bool TryRoute(int from, int to, out ImmutableArray<int> route)
    {
        if (_routes.TryGetValue((from, to), out route))
            return true;
        route = _topology.DrawRoute(from, to, _draws);
        if (route.IsEmpty)
            return false;
        _routes.Add((from, to), route);
        return true;
    }

    /// <summary>Each node's ways to each end of a flow, good or bad as chance has it.</summary>
    private IEnumerable<ImmutableArray<int>> DrawAlternates()
    {
        var draws = new Draws(WanRandom.Derive(_seed, AlternateStream));
        if (!draws.Chance(WithAlternates))
            yield break;
        foreach (var to in _flows.SelectMany(flow => new[] { flow.From, flow.To }).Distinct())
        {
            for (var from = 0; from < _topology.Nodes; from++)
            {
                for (var wanted = from == to ? 0 : draws.Between(0, MaxAlternates); wanted > 0; wanted--)
                {
                    var way = _topology.DrawRoute(from, to, draws);
                    if (!way.IsEmpty)
                        yield return way;
                }
            }
        }
    }

    /// <summary>Not where members are taken out and come back, as a flow to many does not begin twice in a destination's life.</summary>
    private SwarmPlan AddMulticasts(SwarmPlan plan)
    {
        if (!plan.Memberships.IsEmpty)
            return plan;
        var planner = new MulticastPlanner(new(WanRandom.Derive(_seed, MulticastStream)), _topology, _links, _routes);
        return plan with { Multicasts = [.. planner.Draw(BudgetOf, Spend)], Routes = [.. _routes.Values] };
    }

    private SwarmPlan AddRealtimeMulticasts(SwarmPlan plan)
    {
        if (!plan.Memberships.IsEmpty)
            return plan;
        var planner = new MulticastPlanner(new(WanRandom.Derive(_seed, RealtimeMulticastStream)), _topology, _links, _routes);
        return plan with { Multicasts = [.. plan.Multicasts, .. planner.DrawRealtime(BudgetOf, Spend)], Routes = [.. _routes.Values] };
    }

    /// <summary>Uplinks of some nodes, narrower than their links together or hardly ever in the way; over the least, all that is asked passes in time.</summary>
    private static SwarmPlan AddUplinks(SwarmPlan plan, Draws draws) => plan with
    {
        Nodes = [.. plan.Nodes.Select(node => draws.Chance(WithUplink) ? node with { UplinkMbps = DrawUplink(plan, node.Place, draws) } : node)],
    };

    private static SwarmPlan AddHearsay(SwarmPlan plan, Draws draws)
    {
        var calls = plan.Links.Where(link => link.FirstDials).Select(link => (link.First, link.Second))
            .Concat(plan.Links.Where(link => link.SecondDials).Select(link => (link.Second, link.First)));
        return plan with
        {
            Hearsay =
            [
                .. calls.Where(_ => draws.Chance(WithHearsay)).Select(call =>
                    new SwarmHearsay(call.Item1, call.Item2, [.. Enumerable.Range(0, draws.Between(1, MaxFalse)).Select(_ => draws.Between(-1, plan.Nodes.Length - 1))])),
            ],
        };
    }

    private static double DrawUplink(SwarmPlan plan, int place, Draws draws)
    {
        var links = plan.Links.Where(link => link.First == place || link.Second == place).Sum(link => link.RateMbps);
        return Math.Max(LeastUplinkMbps, links * draws.Between(0.5, 1.5));
    }

    private void Spend(ImmutableArray<int> route, double bytes)
    {
        foreach (var (_, index) in LinksOf(route))
            _budgets[index] -= bytes;
    }

    private double BudgetOf(ImmutableArray<int> route) => LinksOf(route).Min(place => _budgets[place.Index]);

    private IEnumerable<(SwarmLink Link, int Index)> LinksOf(ImmutableArray<int> route) =>
        from hop in Enumerable.Range(0, route.Length - 1)
        let index = Enumerable.Range(0, _links.Length).First(index => _links[index].Joins(route[hop], route[hop + 1]))
        select (_links[index], index);
}
