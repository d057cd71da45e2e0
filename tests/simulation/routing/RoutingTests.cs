using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Lab.Wan;
using WeCan.Protocol;
using WeCan.Simulation.World;

namespace WeCan.Simulation.Tests.Routing;

/// <summary>
/// docs/control.md, "Link reports" and "Routes", from end to end: nodes measure their links, a controller computes routes, and nodes send by
/// them, through everything that may go wrong between the two. WECAN_ROUTING_SEEDS runs that many seeds.
/// </summary>
public sealed class RoutingTests
{
    private static readonly string[] Cities = ["dal", "tor", "wdc", "fra", "lon", "mad", "osa", "syd", "tok", "sao"];
    private static readonly int Nodes = Cities.Length;
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("WECAN_ROUTING_SEEDS"), out var seeds) ? seeds : 3;

    public static IEnumerable<TheoryDataRow<int>> All => Enumerable.Range(1, Seeds).Select(seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(All))]
    public void Whatever_happens_every_pair_ends_with_routes_and_nothing_goes_in_a_circle(int seed)
    {
        using var world = NewWorld(seed);
        Settle(world);
        var random = new Random(seed);
        var spoilt = new HashSet<(int, int)>();
        for (var step = 0; step < 25; step++)
        {
            Misfortune(world, random, spoilt);
            world.SayAll();
            world.RunFor(0.5 + (random.NextDouble() * 3));
            Judge(world);
        }

        foreach (var (one, other) in spoilt)
            world.Loop.Apply(string.Create(CultureInfo.InvariantCulture, $"link {Cities[one]} {Cities[other]} up delay 30 loss 0.1"));
        for (var host = 0; host < Nodes; host++)
        {
            world.Join(host);
            world.Drain(host, false);
        }

        // A link that died may be on probation for a minute.
        Settle(world, within: 150);
        Assert.True(world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(60), () => world.Heard >= world.Said), $"{world.Heard} of {world.Said} messages arrived at {world.Loop.Position}.");
        Assert.Equal(world.Said, world.Heard);
    }

    [Fact]
    public void Routes_come_soon_and_go_where_the_way_is_short()
    {
        using var world = NewWorld(11);
        Settle(world);
        Assert.True(world.Loop.Now < MonoTime.FromSeconds(15), $"It took until {world.Loop.Position}.");

        // 140 ms with one packet of 25 lost, and about 130 ms by way of Washington with one of 100.
        Assert.Contains("wdc", Way(world, "fra", "osa", 0), StringComparison.Ordinal);
        Assert.Equal("", Way(world, "fra", "lon", 0));
        Assert.All(Enumerable.Range(0, Nodes), host => Assert.All(world[host].Routes.Routes, routes => Assert.InRange(routes.WayCount, 3, 4)));
    }

    [Fact]
    public void A_link_that_grows_long_is_left_and_taken_again_when_it_is_short()
    {
        using var world = NewWorld(12);
        Settle(world);
        world.Loop.Apply("link fra lon delay 120");
        Assert.True(world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(8), () => Way(world, "fra", "lon", 0) == "mad"), $"The way is still \"{Way(world, "fra", "lon", 0)}\".");
        world.Loop.Apply("link fra lon delay 6");
        Assert.True(world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(20), () => Way(world, "fra", "lon", 0).Length == 0));
    }

    [Fact]
    public void After_a_drain_nobody_goes_through_the_node_that_drains_within_three_seconds()
    {
        using var world = NewWorld(13);
        Settle(world);
        var wdc = Array.IndexOf(Cities, "wdc");
        Assert.Contains(Enumerable.Range(0, Nodes), host => IsTransit(world, host, wdc));
        world.SayAll();
        world.RunFor(1);
        var before = world[wdc].Node.PathCounters.Forwarded;
        Assert.True(before > 0, "Nothing went through the node while it did not drain.");
        world.Drain(wdc, true);
        world.RunFor(3);
        before = world[wdc].Node.PathCounters.Forwarded;
        world.SayAll();
        world.RunFor(2);
        Assert.Equal(before, world[wdc].Node.PathCounters.Forwarded);
        Assert.DoesNotContain(Enumerable.Range(0, Nodes), host => IsTransit(world, host, wdc));
        Assert.All(Enumerable.Range(0, Nodes).Where(host => host != wdc), host => Assert.True(world[host].Routes.Find(RoutedWorld.IdOf(wdc)).WayCount > 0));
    }

    [Fact]
    public void Without_a_controller_routes_stay_and_lead_around_what_dies_and_one_that_starts_anew_disturbs_nothing()
    {
        using var world = NewWorld(14);
        Settle(world);
        var before = Versions(world);
        world.StopController(60);
        world.Loop.Apply("link fra wdc down");
        for (var i = 0; i < 10; i++)
        {
            world.SayAll();
            world.RunFor(4);
        }

        Assert.Equal(before, Versions(world));
        Assert.True(world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(10), () => world.Heard == world.Said), $"{world.Heard} of {world.Said} arrived.");
        world.Loop.Apply("link fra wdc up");
        for (var i = 0; i < 60; i++)
        {
            world.RunFor(1);
            Assert.All(Enumerable.Range(0, Nodes), host => Assert.Equal(Nodes - 1, world[host].Routes.Routes.Count(routes => routes.Class == RouteClass.Signal)));
        }

        Settle(world, within: 60);
    }

    private static RoutedWorld NewWorld(int seed) => new(Scenario.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scenarios", "world.wan"))), seed);

    /// <summary>Runs until everybody has routes to everybody, and has the newest, and the controller knows it.</summary>
    private static void Settle(RoutedWorld world, double within = 40)
    {
        var isSettled = world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(within), () => Enumerable.Range(0, Nodes).All(host => HasAll(world, host)));
        Assert.True(isSettled, $"{world.Loop.Position}: {string.Join(", ", Enumerable.Range(0, Nodes).Select(host => $"{Cities[host]} {world[host].Routes.Routes.Count(routes => routes.Class == RouteClass.Signal)} of {world[host].Routes.Version}"))}");
    }

    private static bool HasAll(RoutedWorld world, int host)
    {
        var newest = world.Core?.Routing.Table.Of(RoutedWorld.IdOf(host))?.Version;
        var session = world.Core?.Sessions.FirstOrDefault(session => session.Number == RoutedWorld.IdOf(host) && session.End is null);
        return world.IsConnected(host) && newest is { } version && version == world[host].Routes.Version && session?.AcknowledgedRoutes == version
            && world[host].Routes.Routes.Count(routes => routes.Class == RouteClass.Signal) == Nodes - 1;
    }

    private static void Misfortune(RoutedWorld world, Random random, HashSet<(int, int)> spoilt)
    {
        var (host, other) = (random.Next(Nodes), random.Next(Nodes));
        switch (random.Next(8))
        {
            case 0 or 1 when host != other:
                var kind = random.Next(3) switch { 0 => "down", 1 => "loss 25 burst 3", _ => "delay 250" };
                world.Loop.Apply($"link {Cities[host]} {Cities[other]} {kind}");
                spoilt.Add((host, other));
                break;
            case 2 or 3:
                world.Cut(host);
                break;
            case 4:
                world.Cut(host, forGood: random.Next(2) == 0);
                break;
            case 5:
                world.Drain(host, random.Next(2) == 0);
                break;
            case 6 when world.Core is not null && random.Next(3) == 0:
                world.StopController(random.Next(10));
                break;
            default:
                world.Join(host);
                break;
        }
    }

    /// <summary>What holds at every moment: no way passes a node twice, and no packet has gone in a circle or to nowhere.</summary>
    private static void Judge(RoutedWorld world)
    {
        for (var host = 0; host < Nodes; host++)
        {
            var own = RoutedWorld.IdOf(host);
            foreach (var routes in world[host].Routes.Routes)
            {
                for (var rank = 0; rank < routes.WayCount; rank++)
                {
                    NodeId[] way = [own, .. routes.Relays(rank), routes.Destination];
                    Assert.True(way.Distinct().Count() == way.Length, $"{world.Loop.Position}: {string.Join(' ', way)} passes a node twice.");
                }
            }

            Assert.Equal(0, world[host].Node.Drops[DropReason.HopsSpent] + world[host].Node.Drops[DropReason.Looped] + world[host].Node.Drops[DropReason.MisroutedPacket]);
        }
    }

    private static bool IsTransit(RoutedWorld world, int host, int relay)
    {
        foreach (var routes in world[host].Routes.Routes)
        {
            for (var rank = 0; rank < routes.WayCount; rank++)
            {
                if (routes.Relays(rank).Contains(RoutedWorld.IdOf(relay)))
                    return true;
            }
        }

        return false;
    }

    private static RoutesVersion[] Versions(RoutedWorld world) => [.. Enumerable.Range(0, Nodes).Select(host => world[host].Routes.Version)];

    private static string Way(RoutedWorld world, string from, string to, int rank)
    {
        var routes = world[Array.IndexOf(Cities, from)].Routes.Find(RoutedWorld.IdOf(Array.IndexOf(Cities, to)));
        return routes.WayCount <= rank ? "none" : string.Join(' ', routes.Relays(rank).ToArray().Select(relay => Cities[relay.Value - 1]));
    }
}
