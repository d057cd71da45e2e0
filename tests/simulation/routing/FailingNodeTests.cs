using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Lab.Wan;
using WeCan.Simulation.World;

namespace WeCan.Simulation.Tests.Routing;

/// <summary>
/// docs/control.md, "Nodes that fail", with whole nodes and the controller's core: links that turn bad one and all are measured, reported and judged,
/// and nobody goes through the node any more, though it lives, reports, and is reached. Ten cities in one region, so two may be out.
/// </summary>
public sealed class FailingNodeTests
{
    private static readonly string[] Cities = ["dal", "tor", "wdc", "fra", "lon", "mad", "osa", "syd", "tok", "sao"];
    private static readonly int Nodes = Cities.Length;

    [Theory]
    [InlineData(1, "loss 40")]
    [InlineData(2, "loss 30 burst 4")]
    [InlineData(3, "down")]
    public void A_node_that_fails_is_drained_within_five_seconds_and_comes_back_after_its_probation(int seed, string trouble)
    {
        using var world = Settled(seed);
        var wdc = Array.IndexOf(Cities, "wdc");
        Assert.True(IsTransit(world, wdc), "Nothing goes by way of Washington while it is well.");
        var spared = trouble == "down" ? "tor" : "";
        Spoil(world, "wdc", trouble, spared);
        world.RunFor(5);
        Assert.Equal([RoutedWorld.IdOf(wdc)], world.Core!.Routing.Health.Out.Select(node => node.Node));
        Assert.False(IsTransit(world, wdc));
        Assert.True(world.IsConnected(wdc));

        world.SayAll();
        world.RunFor(1);
        var before = world[wdc].Node.PathCounters.Forwarded;
        for (var i = 0; i < 10; i++)
        {
            world.SayAll();
            world.RunFor(1);
        }

        Assert.Equal(before, world[wdc].Node.PathCounters.Forwarded);
        Assert.False(IsTransit(world, wdc));

        Spoil(world, "wdc", "up delay 40 loss 0.1", spared);
        world.RunFor(25);
        Assert.True(world.Core.Routing.Health.IsOut(RoutedWorld.IdOf(wdc)));
        Assert.True(Until(world, 150, () => world.Core.Routing.Health.Out.Count == 0), $"Still out at {world.Loop.Position}.");
        foreach (var city in Cities.Where(city => city != "wdc"))
            world.Loop.Apply($"link wdc {city} delay 5");
        Assert.True(Until(world, 60, () => IsTransit(world, wdc)), "It is let back, and nothing goes that way.");
        Assert.True(Until(world, 60, () => world.Heard == world.Said), $"{world.Heard} of {world.Said} messages arrived.");
    }

    /// <summary>Where half of a region fails, most of what fails has to go on: at no moment is more than a fifth out.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Never_more_than_a_fifth_of_a_region_is_out(int seed)
    {
        using var world = Settled(seed);
        var most = 0;
        foreach (var city in (string[])["wdc", "tor", "fra", "osa", "sao"])
            Spoil(world, city, "loss 40", "");
        for (var i = 0; i < 100; i++)
        {
            world.RunFor(0.25);
            most = Math.Max(most, world.Core!.Routing.Health.Out.Count);
        }

        Assert.Equal(Nodes / 5, most);
        Assert.All(Enumerable.Range(0, Nodes), host => Assert.Equal(Nodes - 1, world[host].Routes.Routes.Count(routes => routes.Class == RouteClass.Signal)));
    }

    private static RoutedWorld Settled(int seed)
    {
        var world = new RoutedWorld(Scenario.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scenarios", "world.wan"))), seed);
        Assert.True(Until(world, 60, () => Enumerable.Range(0, Nodes).All(host => world[host].Routes.Routes.Count(routes => routes.Class == RouteClass.Signal) == Nodes - 1)));
        world.RunFor(10);
        return world;
    }

    private static bool Until(RoutedWorld world, int seconds, Func<bool> isDone) => world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(seconds), isDone);

    private static void Spoil(RoutedWorld world, string city, string trouble, string spared)
    {
        foreach (var other in Cities.Where(other => other != city && other != spared))
            world.Loop.Apply($"link {city} {other} {trouble}");
    }

    private static bool IsTransit(RoutedWorld world, int relay) =>
        Enumerable.Range(0, Nodes).Any(host => world[host].Routes.Routes.Any(routes => Enumerable.Range(0, routes.WayCount).Any(rank => routes.Relays(rank).Contains(RoutedWorld.IdOf(relay)))));
}
