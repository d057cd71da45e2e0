using WeCan.Contracts;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

public sealed class SwarmPlannerTests
{
    [Fact]
    public void The_same_seed_is_the_same_plan() => Assert.Equal(SwarmPlanner.Draw(7).ToString(), SwarmPlanner.Draw(7).ToString());

    /// <summary>What came later is drawn with chance of its own, and leaves everything else of a plan as it was.</summary>
    [Fact]
    public void A_later_edition_only_adds()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var (first, latest) = (SwarmPlanner.Draw(seed, 1), SwarmPlanner.Draw(seed));
            Assert.Equal(first.Flows, latest.Flows.Select(flow => flow with { Paths = 1, RouteToken = 0 }));
            Assert.Equal(first.Crashes, latest.Crashes);
            Assert.Equal(SwarmPlanner.Draw(seed, 4).Multicasts, latest.Multicasts.Where(flow => !flow.IsRealtime), SameButForPlaces);
            Assert.StartsWith(first.Scenario, latest.Scenario, StringComparison.Ordinal);
            Assert.Empty(first.Memberships);

            var (seventh, last) = (SwarmPlanner.Draw(seed, 7), SwarmPlanner.Draw(seed));
            Assert.Equal(seventh.Nodes, last.Nodes.Select(node => node with { UplinkMbps = 0 }));
            Assert.Equal(seventh.Flows, last.Flows);
            Assert.Equal(seventh.Pauses, last.Pauses);
            Assert.Equal(seventh.Scenario, last.Scenario);
            Assert.All(seventh.Nodes, node => Assert.Equal(0, node.UplinkMbps));
            var ninth = SwarmPlanner.Draw(seed, 9);
            Assert.Equal(SwarmPlanner.Draw(seed, 8).ToString(), WithoutHearsay(ninth).ToString());
            Assert.Empty(SwarmPlanner.Draw(seed, 8).Hearsay);
            Assert.Equal(ninth.ToString(), WithoutRemovals(last).ToString());
            Assert.All(ninth.Multicasts, flow => Assert.Equal(0, flow.Removal));
        }
    }

    private static SwarmPlan WithoutHearsay(SwarmPlan plan) => plan with { Edition = 8, Hearsay = [] };

    private static SwarmPlan WithoutRemovals(SwarmPlan plan) =>
        plan with { Edition = 9, Talks = [], Multicasts = [.. plan.Multicasts.Select(flow => flow with { Removal = 0 })] };

    private static bool SameButForPlaces(SwarmMulticast one, SwarmMulticast other) =>
        one.To.SequenceEqual(other.To) && one with { To = [], Removal = 0 } == other with { To = [], Removal = 0 };

    [Fact]
    public void Plans_together_hold_everything_that_can_go_wrong()
    {
        var plans = Enumerable.Range(1, 300).Select(seed => SwarmPlanner.Draw((ulong)seed)).ToList();
        var flows = plans.SelectMany(plan => plan.Flows).ToList();
        var text = string.Concat(plans.Select(plan => plan.Scenario));

        Assert.Equal("diamond line mesh ring star", string.Join(' ', plans.Select(plan => plan.Topology).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
        Assert.Equal([2, 3, 4, 5], plans.SelectMany(plan => plan.Routes).Select(route => route.Length).Distinct().Order());
        Assert.Equal([3, 4, 5, 6, 7], plans.Select(plan => plan.Nodes.Length).Distinct().Order());
        Assert.Contains(plans, plan => plan.Alternates.IsEmpty);
        Assert.Contains(plans, plan => plan.Alternates.GroupBy(way => (way[0], way[^1])).Any(ways => ways.Count() == 3));
        Assert.Contains(flows, flow => flow.MaxSize > 500_000);
        Assert.Contains(flows, flow => flow.Paths == 2);
        Assert.Contains(flows, flow => flow is { Class: ServiceClass.Signal, RouteToken: 1 });
        Assert.Contains(flows, flow => flow is { Class: ServiceClass.Bulk, RouteToken: 1 });
        Assert.Contains(flows, flow => flow is { IsRealtime: true, MaxSize: > 1_200 });
        Assert.Contains(plans, plan => plan.Crashes.Any(crash => crash.ClockAfter is not null));
        Assert.Contains(plans, plan => plan.HealAt > MonoTime.FromSeconds(100));
        Assert.Contains(plans, plan => !plan.Revocations.IsEmpty);
        Assert.Contains(plans, plan => plan.Memberships is [{ Joins: true }, ..]);
        Assert.Contains(plans, plan => plan.Moves.Any(move => move.At == plan.HealAt) && plan.Moves.Any(move => move.Host >= plan.Nodes.Length));
        Assert.Contains(plans, plan => plan.Pauses.Any(pause => pause.Until - pause.At > Duration.FromMilliseconds(100)));
        Assert.Contains(
            Enumerable.Range(1, 30).SelectMany(seed => SwarmPlanner.Draw((ulong)seed, SwarmPlan.PausesEdition).Pauses),
            pause => pause.Until - pause.At > Duration.FromSeconds(1));
        Assert.Contains(plans, plan => !plan.Seals.IsEmpty && !plan.Memberships.IsEmpty);
        Assert.Contains(plans, plan => !plan.Seals.IsEmpty && !plan.Multicasts.IsEmpty && !plan.Crashes.IsEmpty);
        Assert.Contains(plans, plan => plan.Seals.IsEmpty);
        Assert.Equal(
            [false, true],
            Enumerable.Range(1, 30).SelectMany(seed => SwarmPlanner.Draw((ulong)seed, SwarmPlan.LatestEdition).Nodes).Select(node => node.UplinkMbps >= 1).Distinct().Order());
        Assert.Contains(plans, plan => plan.Hearsay.IsEmpty);
        Assert.Contains(plans.SelectMany(plan => plan.Hearsay), hearsay => hearsay.False.Contains(-1) && hearsay.False.Any(place => place >= 0 && place != hearsay.Place));
        Assert.Contains(plans, plan => plan.Clients.Any(client => client.Stays) && plan.Clients.Any(client => !client.Stays));
        Assert.Contains(plans.SelectMany(plan => plan.Multicasts), flow => flow is { To.Length: 6, Absence: 0 });
        Assert.Contains(plans.SelectMany(plan => plan.Multicasts), flow => flow.Absence > 0.5);
        Assert.Contains(plans.SelectMany(plan => plan.Multicasts), flow => flow is { Removal: > 0.2, Absence: 0 });
        Assert.Contains(plans.SelectMany(plan => plan.Multicasts), flow => flow is { Removal: > 0 and < 0.01, Absence: > 0.3 });
        Assert.Contains(plans.SelectMany(plan => plan.Multicasts), flow => flow is { IsRealtime: true, To.Length: > 3, MaxSize: > 1_200 });
        foreach (var key in (string[])["burst 2", "dup 1", "corrupt 0.", "reorder 1", "mtu 1152", "down", "up", "drift -"])
            Assert.Contains(key, text, StringComparison.Ordinal);
    }

    /// <summary>By each node's own route, as every node on the way splits the set of edges by that.</summary>
    [Fact]
    public void Every_multicast_arrives_where_it_is_for()
    {
        foreach (var plan in Enumerable.Range(1, 1_100).Select(seed => SwarmPlanner.Draw((ulong)seed)))
        {
            foreach (var (flow, to) in plan.Multicasts.SelectMany(flow => flow.To.Select(to => (flow, to))))
            {
                List<int> passed = [];
                for (var place = flow.From; place != to; place = plan.RouteOf(place, to) is { IsEmpty: false } way ? way[1] : to)
                {
                    Assert.DoesNotContain(place, passed);
                    passed.Add(place);
                }

                Assert.Contains(plan.Links, link => link.Joins(passed[^1], to));
            }
        }
    }

    [Fact]
    public void Every_plan_s_network_is_read_as_it_was_meant()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var plan = SwarmPlanner.Draw(seed);
            var scenario = plan.ParseScenario();
            Assert.Equal(plan.Nodes.Length + plan.Clients.Length, scenario.Hosts.Length);
            Assert.All(plan.Flows, flow => Assert.NotEmpty(plan.RouteOf(flow.From, flow.To)));
            Assert.All(plan.Flows, flow => Assert.NotEmpty(plan.RouteOf(flow.To, flow.From)));
            Assert.All(scenario.Changes, timed => Assert.True(timed.At <= plan.HealAt));
            Assert.All(plan.Memberships, told => Assert.True(told.At <= plan.HealAt));
            Assert.All(plan.Pauses, pause => Assert.True(pause.Until <= plan.HealAt));
            Assert.All(plan.Crashes, crash => Assert.True(crash.At < crash.RestartAt && crash.RestartAt <= plan.HealAt));
        }
    }
}
