using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest;

/// <summary>docs/decisions/0053, sentence by sentence.</summary>
public sealed class InterestDeskTests
{
    [Fact]
    public void One_edge_waits_for_nobody()
    {
        var wires = new DeskWires(1);
        var only = new NodeId(1);
        wires.Subscribe(only, "shop.>");
        Assert.True(wires.IsConfirmed(only));
        Assert.Equal([], wires.Match(only, "shop.orders"));
        wires[only].Unsubscribe(wires.Now, "shop.>"u8, 1);
        wires.Wait(70);
        Assert.Equal(default, wires[only].Sizes);
        Assert.True(wires[only].NextTimeout.IsNever);
    }

    [Fact]
    public void Without_a_membership_nothing_is_in_step_and_nothing_confirmed()
    {
        var desk = new InterestDesk(new(1), new(1), 3);
        desk.Subscribe(MonoTime.FromSeconds(1), "shop.>"u8, 7);
        Assert.False(desk.TryMatch(MonoTime.FromSeconds(1), "shop.a"u8, out _));
        Assert.False(desk.TryTakeConfirmed(out _));
        desk.SetMembership(MonoTime.FromSeconds(2), 1, [new(1)]);
        Assert.True(desk.TakeArrivals());
        Assert.True(desk.TryMatch(MonoTime.FromSeconds(2), "shop.a"u8, out _));
        Assert.True(desk.TryTakeConfirmed(out var ticket));
        Assert.Equal(7ul, ticket);
    }

    [Fact]
    public void A_message_finds_every_edge_that_wants_it_once()
    {
        var wires = new DeskWires(5);
        wires.Wait(5);
        var (one, two, three) = (wires.Others("shop")[0], wires.Others("shop")[1], wires.Others("shop")[2]);
        wires.Subscribe(one, "shop.orders.*", 1);
        wires.Subscribe(one, "shop.>", 2);
        wires.Subscribe(two, "shop.orders.new", 3);
        wires.Subscribe(wires.PairOf("shop").First, "shop.*.new", 4);
        wires.Carry();
        Assert.All([one, one, two, wires.PairOf("shop").First], edge => Assert.True(wires.IsConfirmed(edge)));

        Assert.Null(wires.Match(three, "shop.orders.new"));
        wires.Carry();
        Assert.True(wires[three].TakeArrivals());
        Assert.Equal(new[] { one, two, wires.PairOf("shop").First }.Order(), wires.Match(three, "shop.orders.new"));
        Assert.Equal([one], wires.Match(three, "shop.prices"));
        Assert.Equal(new[] { one, two }.Order(), wires.Match(wires.PairOf("shop").First, "shop.orders.new"));
    }

    [Fact]
    public void A_subscription_waits_for_a_publisher_that_does_not_answer_only_as_long_as_its_lease()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var (publisher, subscriber) = (wires.Others("shop")[0], wires.Others("shop")[1]);
        wires.Match(publisher, "shop.a");
        wires.Carry();
        Assert.Equal([], wires.Match(publisher, "shop.a"));

        wires.Cut = publisher;
        wires.Subscribe(subscriber, "shop.a");
        wires.Carry();
        Assert.False(wires.IsConfirmed(subscriber));
        Assert.Equal([], wires.Match(publisher, "shop.a"));
        wires.Wait(1.9);
        Assert.False(wires.IsConfirmed(subscriber));
        wires.Wait(0.4);
        Assert.True(wires.IsConfirmed(subscriber));
        Assert.Null(wires.Match(publisher, "shop.a"));

        wires.Cut = default;
        wires.Wait(1);
        Assert.Equal([subscriber], wires.Match(publisher, "shop.a"));
    }

    [Fact]
    public void A_follower_that_a_home_begins_anew_with_may_go_by_the_old_while_its_lease_lasts()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var (publisher, subscriber) = (wires.Others("shop")[0], wires.Others("shop")[1]);
        wires.Match(publisher, "shop.a");
        wires.Carry();
        wires.Cut = publisher;
        wires[wires.PairOf("shop").First].FlowBroken(wires.Now, publisher);
        wires[wires.PairOf("shop").Second].FlowBroken(wires.Now, publisher);
        wires.Subscribe(subscriber, "shop.a");
        wires.Carry();
        Assert.Equal([], wires.Match(publisher, "shop.a"));
        Assert.False(wires.IsConfirmed(subscriber));
        wires.Wait(2.4);
        Assert.True(wires.IsConfirmed(subscriber));
    }

    [Fact]
    public void A_slice_that_was_ended_counts_until_its_follower_knows()
    {
        var wires = new DeskWires(5);
        wires.Wait(5);
        var (publisher, one, other) = (wires.Others("shop")[0], wires.Others("shop")[1], wires.Others("shop")[2]);
        wires.Match(publisher, "shop.a");
        wires.Carry();
        wires.Cut = publisher;
        for (var index = 0; index <= InterestLimits.SliceEntriesAtMost; index++)
            wires.Subscribe(one, $"shop.x.{index}", (ulong)index);
        wires.Carry();
        Assert.Equal(2, wires.Desks.Values.Sum(desk => desk.Counters.SlicesOutgrown));
        wires.Subscribe(other, "shop.a");
        wires.Carry();
        Assert.Equal([], wires.Match(publisher, "shop.a"));
        Assert.False(wires.IsConfirmed(other));
        wires.Wait(2.4);
        Assert.True(wires.IsConfirmed(other));
    }

    [Fact]
    public void A_home_that_nobody_hears_is_not_waited_for()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var subscriber = wires.Others("shop")[0];
        wires.Cut = wires.PairOf("shop").First;
        wires.Subscribe(subscriber, "shop.a");
        wires.Wait(3.5);
        Assert.False(wires.IsConfirmed(subscriber));
        wires.Wait(2);
        Assert.True(wires.IsConfirmed(subscriber));
        Assert.Equal(1, wires[subscriber].Counters.ConfirmedAlone);
        wires.Subscribe(subscriber, "shop.b", 2);
        wires.Wait(0.2);
        Assert.True(wires.IsConfirmed(subscriber));
        Assert.False(wires[subscriber].IsConfirmedByBoth("shop.b"u8));
        wires.Cut = default;
        wires.Wait(1);
        Assert.True(wires[subscriber].IsConfirmedByBoth("shop.b"u8));
    }

    [Fact]
    public void A_slice_is_as_wide_as_it_may_be_and_narrower_when_it_has_grown()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var (publisher, subscriber) = (wires.Others("shop")[0], wires.Others("shop")[1]);
        for (var index = 0; index < InterestLimits.SliceEntries; index++)
            wires.Subscribe(subscriber, $"shop.{index}.a", (ulong)index);
        Assert.Equal([subscriber], Ask(wires, publisher, "shop.7.a"));
        Assert.Equal((2, 2 * InterestLimits.SliceEntries), (wires[publisher].Sizes.Slices, wires[publisher].Sizes.Entries));
        Assert.Equal([], wires.Match(publisher, "shop.7.b"));

        for (var index = 0; index <= InterestLimits.SliceEntries; index++)
            wires.Subscribe(subscriber, $"shop.x.{index}", 1_000 + (ulong)index);
        wires.Carry();
        Assert.Null(wires.Match(publisher, "shop.7.a"));
        Assert.Equal([subscriber], Ask(wires, publisher, "shop.7.a"));
        Assert.Equal((2, 2), (wires[publisher].Sizes.Slices, wires[publisher].Sizes.Entries));
        Assert.Equal([subscriber], Ask(wires, publisher, "shop.x.7"));
        Assert.Equal([], Ask(wires, publisher, "shop.x.seven"));
        Assert.Equal((6, 4), (wires[publisher].Sizes.Slices, wires[publisher].Sizes.Entries));
        Assert.Equal(2, wires.Desks.Values.Sum(desk => desk.Counters.SlicesOutgrown));

        wires.Wait(InterestLimits.SliceUnused.Seconds + 6);
        Assert.Equal((0, 0), (wires[publisher].Sizes.Slices, wires[publisher].Sizes.Entries));
        Assert.All(wires.Desks.Values, desk => Assert.Equal(0, desk.Sizes.SlicesGiven));
    }

    [Fact]
    public void A_pattern_without_subscribers_stays_a_little()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var (publisher, subscriber) = (wires.Others("shop")[0], wires.Others("shop")[1]);
        wires.Subscribe(subscriber, "shop.a", 1);
        Assert.Equal([subscriber], Ask(wires, publisher, "shop.a"));
        var messages = wires.Messages;
        Assert.True(wires.IsConfirmed(subscriber));
        wires[subscriber].Unsubscribe(wires.Now, "shop.a"u8, 1);
        wires.Subscribe(subscriber, "shop.a", 2);
        wires.Carry();
        Assert.True(wires.IsConfirmed(subscriber));
        Assert.Equal(messages, wires.Messages);
        wires[subscriber].Unsubscribe(wires.Now, "shop.a"u8, 2);
        wires.Wait(0.9);
        Assert.Equal([subscriber], wires.Match(publisher, "shop.a"));
        wires.Wait(0.3);
        Assert.Equal([], wires.Match(publisher, "shop.a"));
    }

    [Fact]
    public void The_pair_is_spread_over_the_edges_and_moves_little()
    {
        NodeId[] edges = [.. Enumerable.Range(1, 50).Select(number => new NodeId((ushort)(number * 3)))];
        var (counts, moved) = (new Dictionary<NodeId, int>(), 0);
        for (var index = 0; index < 10_000; index++)
        {
            var space = Encoding.UTF8.GetBytes($"tenant-{index}");
            var pair = HomePair.Of(space, edges);
            counts[pair.First] = counts.GetValueOrDefault(pair.First) + 1;
            counts[pair.Second] = counts.GetValueOrDefault(pair.Second) + 1;
            var after = HomePair.Of(space, edges.AsSpan(1));
            moved += pair.Contains(edges[0]) ? 0 : pair == after ? 0 : 1;
        }

        Assert.Equal(0, moved);
        Assert.All(edges, edge => Assert.InRange(counts[edge], 300, 500));
        Assert.Equal(new HomePair(new(54), new(108)), HomePair.Of("shop"u8, edges));
    }

    private static IReadOnlyList<NodeId>? Ask(DeskWires wires, NodeId edge, string subject)
    {
        wires.Match(edge, subject);
        wires.Carry();
        return wires.Match(edge, subject);
    }
}
