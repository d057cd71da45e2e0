using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>Edges hand each other what their clients publish; single cases, each with one thing that goes wrong.</summary>
public sealed class BetweenTests
{
    private static readonly Duration Patience = Duration.FromSeconds(30);

    [Fact]
    public void A_message_comes_to_subscribers_on_other_edges_once_and_is_confirmed_when_they_have_it()
    {
        using var world = new EdgeWorld(1, edges: 3);
        var (shop, records) = Joined(world, "shop.>");
        var here = world.Now;
        shop.Publish("shop.orders.new");
        Assert.True(world.RunUntil(() => shop.Settled == 1, Patience));
        Assert.All(records, record => Assert.Equal([0], record.HeardOf(shop)));

        // Client to edge, edge to edge, edge to client are 15 ms each, and the confirmation is under way for 30 more.
        Assert.InRange((world.Now - here).Milliseconds, 60, 75);
        Assert.Equal(1, world.Edges[0].Core.Counters.MessagesToEdges);
        Assert.Equal(2, world.Edges[0].Core.Counters.EdgesAddressed);
    }

    [Fact]
    public void Long_messages_cross_too_and_stay_in_order()
    {
        using var world = new EdgeWorld(2, edges: 2);
        var (shop, records) = Joined(world, "shop.>");
        foreach (var bytes in new[] { 1 << 20, 10, (1 << 20) - 18_000, (1 << 20) - 20_000, 300_000, 0 })
            shop.Publish("shop.orders.new", bytes);
        Assert.True(world.RunUntil(() => shop.Settled == 6 && records.All(record => record.HeardOf(shop).Count() == 6), Patience));
        Assert.All(records, record => Assert.Equal(Enumerable.Range(0, 6), record.HeardOf(shop)));
    }

    [Fact]
    public void Only_edges_that_want_it_get_it()
    {
        using var world = new EdgeWorld(3, edges: 3);
        var shop = world.Join(world.Edges[0], "shop");
        var ann = world.Join(world.Edges[1], "ann").Subscribe("shop.a.*");
        var bob = world.Join(world.Edges[2], "bob").Subscribe("shop.b.*");
        Assert.True(world.RunUntil(() => shop.Readies == 1 && ann.IsConfirmed && bob.IsConfirmed, Patience));
        for (var number = 0; number < 100; number++)
            shop.Publish(number % 2 == 0 ? "shop.a.x" : "shop.b.x");
        Assert.True(world.RunUntil(() => shop.Settled == 100, Patience));
        Assert.Equal(Enumerable.Range(0, 50).Select(number => number * 2), ann.HeardOf(shop));
        Assert.Equal(Enumerable.Range(0, 50).Select(number => (number * 2) + 1), bob.HeardOf(shop));
        Assert.Equal(100, world.Edges[0].Core.Counters.EdgesAddressed);
    }

    [Fact]
    public void Priorities_of_one_publisher_do_not_change_his_order()
    {
        using var world = new EdgeWorld(4, edges: 2) { Loss = 0.1 };
        var (shop, records) = Joined(world, "shop.>");
        for (var number = 0; number < 400; number++)
        {
            shop.Publish("shop.orders.new", bytes: number % 7 == 0 ? 20_000 : 50, priority: (byte)(number % 8));
            world.RunFor(Duration.FromMilliseconds(number % 50 == 49 ? 2_500 : 3));
        }

        Assert.True(world.RunUntil(() => shop.Settled == 400, Patience));
        Assert.All(records, record => Assert.Equal(Enumerable.Range(0, 400), record.HeardOf(shop)));
    }

    [Fact]
    public void Nobody_waits_for_an_edge_that_has_left_the_membership()
    {
        using var world = new EdgeWorld(5, edges: 3);
        var (shop, records) = Joined(world, "shop.>");
        world.Edges[2].Kill();
        shop.Publish("shop.orders.new");
        Assert.False(world.RunUntil(() => shop.Settled == 1, Duration.FromSeconds(10)));
        world.Remove(world.Edges[2]);
        Assert.True(world.RunUntil(() => shop.Settled == 1, Duration.FromSeconds(1)));
        Assert.Equal([0], records[1].HeardOf(shop));
    }

    [Fact]
    public void Nobody_waits_for_an_edge_s_earlier_life_and_its_client_is_told_of_a_gap()
    {
        using var world = new EdgeWorld(6, edges: 2);
        var (shop, records) = Joined(world, "shop.>");
        world.Edges[1].Kill();
        shop.Publish("shop.orders.new");
        Assert.False(world.RunUntil(() => shop.Settled == 1, Duration.FromSeconds(3)));
        world.Start(world.Edges[1]);
        Assert.True(world.RunUntil(() => shop.Settled == 1, Patience));
        Assert.True(world.RunUntil(() => records[1].Told.Count(told => told.Sign == WorldPlayer.Sign.Confirmed) == 2, Patience));
        shop.Publish("shop.orders.new");
        Assert.True(world.RunUntil(() => shop.Settled == 2, Patience));
        Assert.Contains(records[1].Told, told => told.Sign == WorldPlayer.Sign.Moved);
        Assert.Contains(1, records[1].HeardOf(shop));
        Assert.Null(DeliveryCheck.FirstFault([.. world.Players]));
    }

    [Fact]
    public void Without_a_word_of_who_wants_it_messages_wait_in_order_up_to_a_bound_and_then_the_client_does()
    {
        using var world = new EdgeWorld(7, edges: 3);
        var homes = HomePair.Of("shop"u8, [.. world.Edges.Select(edge => edge.Id)]);
        var edge = world.Edges.Single(edge => !homes.Contains(edge.Id));
        var shop = world.Join(edge, "shop");
        var ann = world.Join(edge, "ann").Subscribe("shop.>");
        Assert.True(world.RunUntil(() => shop.Readies == 1 && ann.IsConfirmed, Patience));
        foreach (var home in world.Edges.Where(other => other != edge))
            world.Cut(edge, home, isCut: true);
        world.RunFor(Duration.FromSeconds(10));
        for (var number = 0; number < 5_000; number++)
            shop.Publish("shop.orders.new", bytes: 50);
        shop.PublishRealtime("shop.voice", Duration.FromSeconds(1));
        world.RunFor(Duration.FromSeconds(5));
        var counters = edge.Core.Counters;
        Assert.InRange(counters.Held, 256, 1_024);
        Assert.Equal(0ul, shop.Settled);
        Assert.Equal(1, counters.Dropped(RealtimeDrop.NotInStep));
        world.HealAll();
        Assert.True(world.RunUntil(() => shop.Settled == 5_000 && ann.HeardOf(shop).Count() == 5_000, Patience));
        Assert.Equal(Enumerable.Range(0, 5_000), ann.HeardOf(shop));
        Assert.Equal(0, counters.Held);
    }

    [Fact]
    public void Realtime_crosses_edges_in_what_is_left_of_its_time_and_its_flows_are_used_again()
    {
        using var world = new EdgeWorld(8, edges: 4) { Loss = 0.05 };
        var shop = world.Join(world.Edges[0], "shop");
        var players = world.Edges[1..].Select(edge => world.Join(edge, $"p{edge.Id}")).ToArray();
        var records = players.Select(player => player.Subscribe("shop.>")).ToArray();
        Assert.True(world.RunUntil(() => shop.Readies == 1 && records.All(record => record.IsConfirmed), Patience));
        world.RunFor(Duration.FromSeconds(1));
        for (var number = 0; number < 500; number++)
        {
            shop.PublishRealtime("shop.voice", Duration.FromMilliseconds(200));
            world.RunFor(Duration.FromMilliseconds(20));
        }

        world.RunFor(Duration.FromSeconds(1));
        foreach (var player in players)
        {
            Assert.Equal(player.Realtime.Count, player.Realtime.Distinct().Count());
            Assert.InRange(player.Realtime.Count, 490, 500);
        }

        // 45 ms are needed to get there, and one hop must not use up what the others need.
        shop.PublishRealtime("shop.voice", Duration.FromMilliseconds(40));
        world.RunFor(Duration.FromSeconds(1));
        Assert.All(players, player => Assert.DoesNotContain(500, player.Realtime.Select(heard => heard.Number)));
    }

    [Fact]
    public void Each_link_carries_a_message_once_for_all_edges_behind_it()
    {
        using var world = new EdgeWorld(9, edges: 9, isStar: true);
        var shop = world.Join(world.Edges[0], "shop");
        var records = world.Edges[1..].SelectMany(edge => Enumerable.Range(0, 5).Select(number => world.Join(edge, $"p{edge.Id}{number}").Subscribe("shop.>"))).ToArray();
        Assert.True(world.RunUntil(() => shop.Readies == 1 && records.All(record => record.IsConfirmed), Patience));
        shop.Publish("shop.orders.new");
        Assert.True(world.RunUntil(() => shop.Settled == 1, Patience));
        var before = world.Edges.Select(edge => (Up: world.BytesOn(edge, world.Relay!), Down: world.BytesOn(world.Relay!, edge))).ToArray();
        const int Bytes = 200 * 1_000;
        for (var number = 0; number < 200; number++)
        {
            shop.Publish("shop.orders.new", bytes: 1_000);
            world.RunFor(Duration.FromMilliseconds(5));
        }

        Assert.True(world.RunUntil(() => shop.Settled == 201, Patience));
        Assert.All(records, record => Assert.Equal(Enumerable.Range(0, 201), record.HeardOf(shop)));
        Assert.InRange((double)(world.BytesOn(world.Edges[0], world.Relay!) - before[0].Up) / Bytes, 1.0, 1.5);
        for (var edge = 1; edge < world.Edges.Length; edge++)
            Assert.InRange((double)(world.BytesOn(world.Relay!, world.Edges[edge]) - before[edge].Down) / Bytes, 1.0, 1.5);
    }

    private static (WorldPlayer Shop, WorldPlayer.Record[] Records) Joined(EdgeWorld world, string pattern)
    {
        var shop = world.Join(world.Edges[0], "shop");
        var records = world.Edges.Select(edge => world.Join(edge, $"p{edge.Id}").Subscribe(pattern)).ToArray();
        Assert.True(world.RunUntil(() => shop.Readies == 1 && records.All(record => record.IsConfirmed), Patience));
        return (shop, records);
    }
}
