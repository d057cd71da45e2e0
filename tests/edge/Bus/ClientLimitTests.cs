using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>What a client may not have is refused by name, counted, and nobody else feels it.</summary>
public sealed class ClientLimitTests
{
    [Fact]
    public void Ten_thousand_subscriptions_a_second_are_too_many_and_nobody_else_feels_it()
    {
        var wires = new BusWires(1);
        wires.Edge.Limits = new() { Subscriptions = 5_000, SubscriptionsPerSecond = 1_000 };
        var greedy = wires.Join("greedy");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.prices");
        wires.Carry();
        for (var second = 0; second < 10; second++)
        {
            for (var index = 0; index < 10_000; index++)
                greedy.Client.Unsubscribe(greedy.Subscribe($"shop.{index}"));
            wires.Carry();
            ann.Publish("shop.prices", "7"u8);
            ann.Subscribe($"shop.news.{second}");
            wires.Carry();
            Assert.Equal(((ulong)second + 1, second + 1, second + 2), (ann.Settled, ann.Heard.Count, ann.Confirmed.Count));
            wires.Wait(Duration.FromSeconds(1));
        }

        Assert.Equal(100_000 - 5_000 - (9 * 1_000), wires.Edge.Counters.Refused(RefusalReason.TooMany));
        Assert.Equal(11, wires.Edge.Dispatcher.Count);
        Assert.Empty(ann.Refused);
    }

    [Fact]
    public void A_client_s_subscriptions_count_over_all_of_its_sessions()
    {
        var wires = new BusWires(2);
        wires.Edge.Limits = new() { Subscriptions = 10 };
        var one = wires.Join("ann");
        var two = wires.Join("ann");
        var other = wires.Join("other");
        for (var index = 0; index < 6; index++)
        {
            foreach (var player in (BusPlayer[])[one, two, other])
            {
                player.Subscribe($"shop.{index}");
                wires.Carry();
            }
        }

        Assert.Equal((10, 6), (one.Confirmed.Count + two.Confirmed.Count, other.Confirmed.Count));
        Assert.All(one.Refused.Concat(two.Refused), refused => Assert.Equal((RefusalReason.TooMany, "A client has at most 10 subscriptions at this edge (bus.limits.subscriptions)."), (refused.Reason, refused.Words)));
        two.Client.Leave();
        wires.Carry();
        wires.Wait(Duration.FromSeconds(1));
        one.Subscribe("shop.a");
        wires.Carry();
        Assert.Equal(7 - one.Refused.Count, one.Confirmed.Count);
    }

    [Fact]
    public void A_message_that_is_too_long_is_refused_with_the_limit()
    {
        var wires = new BusWires(3);
        wires.Edge.Limits = new() { PayloadBytes = 1_000 };
        var ann = wires.Join("ann");
        ann.Subscribe("shop.>");
        ann.Publish("shop.a", new byte[1_001]);
        ann.Publish("shop.a", new byte[1_000]);
        wires.Carry();
        var refused = Assert.Single(ann.Refused);
        Assert.Equal((RefusalReason.TooLong, "The message has 1001 bytes; at most 1000 are taken (bus.limits.payload)."), (refused.Reason, refused.Words));
        Assert.Equal(2ul, ann.Settled);
        Assert.Single(ann.Heard);
    }
}
