using System.Buffers.Binary;
using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

public sealed class BusTests
{
    [Fact]
    public void A_message_comes_once_to_each_subscription_that_wants_it()
    {
        var wires = new BusWires(1);
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        var all = ann.Subscribe("shop.>");
        var orders = ann.Subscribe("shop.orders.*");
        ann.Subscribe("shop.prices.*");
        Assert.True(wires.Carry());
        Assert.Equal(3, ann.Confirmed.Count);

        shop.Publish("shop.orders.new", "one"u8);
        Assert.True(wires.Carry());

        Assert.Equal([all, orders], ann.Heard.Select(heard => heard.Subscription).Order());
        Assert.All(ann.Heard, heard => Assert.Equal(("shop.orders.new", "one"), (heard.Subject, Encoding.UTF8.GetString(heard.Payload))));
        Assert.Equal(1ul, shop.Settled);

        ann.Client.Unsubscribe(all);
        wires.Carry();
        shop.Publish("shop.orders.new", "two"u8);
        wires.Carry();
        Assert.Equal(3, ann.Heard.Count);
    }

    [Theory]
    [InlineData("shop.prices.a", RefusalReason.NotAllowed, "does not let its client publish to shop.prices.a")]
    [InlineData("shop.*", RefusalReason.BadName, "A message goes to one subject")]
    [InlineData("shop", RefusalReason.BadName, "only a space's name")]
    [InlineData("bank.a", RefusalReason.NotAllowed, "does not let its client publish to bank.a")]
    public void A_publish_that_may_not_be_is_refused_by_name_and_the_next_goes(string subject, object reason, string words)
    {
        var wires = new BusWires(2);
        var ann = wires.Join("ann", BusWires.TokenOf("ann", publish: "shop.orders.>"));
        ann.Subscribe("shop.orders.>");
        ann.Publish(subject, "x"u8);
        ann.Publish("shop.orders.a", "y"u8);
        Assert.True(wires.Carry());
        var refused = Assert.Single(ann.Refused);
        Assert.Equal((FrameKind.Publish, 1ul, reason), (refused.What, refused.Number, (object)refused.Reason));
        Assert.Contains(words, refused.Words, StringComparison.Ordinal);
        Assert.Single(ann.Heard);
        Assert.Equal(2ul, ann.Settled);
        Assert.Equal(1, wires.Edge.Counters.Refused(refused.Reason));
    }

    [Fact]
    public void A_subscription_beyond_the_token_is_refused()
    {
        var wires = new BusWires(3);
        var ann = wires.Join("ann", BusWires.TokenOf("ann", subscribe: "shop.orders.>"));
        ann.Subscribe("shop.>");
        ann.Subscribe("shop.orders.*");
        wires.Carry();
        Assert.Equal(RefusalReason.NotAllowed, Assert.Single(ann.Refused).Reason);
        Assert.Single(ann.Confirmed);
    }

    [Fact]
    public void A_reader_that_stops_misses_its_oldest_and_is_told_and_nobody_else_feels_it()
    {
        var wires = new BusWires(4);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        var quick = wires.Join("quick");
        slow.Reads = false;
        var subscription = slow.Subscribe("shop.>");
        quick.Subscribe("shop.>");
        wires.Carry();
        for (var index = 0; index < 10_000; index++)
        {
            var payload = new byte[400];
            BinaryPrimitives.WriteInt32BigEndian(payload, index);
            shop.Publish("shop.a", payload);
            wires.Carry(20);
        }

        Assert.True(wires.Carry());
        Assert.Equal(10_000, quick.Heard.Count);
        Assert.Equal(10_000ul, shop.Settled);
        Assert.InRange(slow.Heard.Count * 400, 200_000, 300_000);
        slow.ReadAll();
        Assert.True(wires.Carry());
        slow.Publish("shop.b", "a sign of life"u8);
        Assert.True(wires.Carry());
        var missed = slow.Gaps.Aggregate(0ul, (sum, gap) => sum + gap.Missed);
        Assert.All(slow.Gaps, gap => Assert.Equal((subscription, GapReason.Overload), (gap.Subscription, gap.Reason)));
        Assert.Equal(10_001ul, missed + (ulong)slow.Heard.Count);
        Assert.InRange(missed, 5_000ul, 9_500ul);
    }

    [Fact]
    public void Bytes_that_are_no_frames_end_their_own_connection_alone()
    {
        var random = new Random(5);
        for (var run = 0; run < 2_000; run++)
        {
            var wires = new BusWires(run);
            var liar = wires.Join("liar");
            var good = wires.Join("good");
            good.Subscribe("shop.>");
            wires.Carry(random.Next(12));
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            wires.Inject(liar, bytes);
            wires.Cut(liar);
            good.Publish("shop.a", "x"u8);
            Assert.True(wires.Carry());
            Assert.Single(good.Heard);
        }
    }

    [Fact]
    public void A_session_too_many_is_told_so()
    {
        var wires = new BusWires(6);
        var players = Enumerable.Range(0, ClientLimits.Default.Sessions + 1).Select(_ => wires.Join("ann")).ToArray();
        wires.Carry();
        Assert.Equal(ClientLimits.Default.Sessions, wires.Edge.SessionCount);
        Assert.Equal(GoodbyeReason.Overloaded, Assert.Single(players[^1].Goodbyes));
        wires.Cut(players[0]);
        wires.Wait(Duration.FromSeconds(29));
        Assert.Equal(ClientLimits.Default.Sessions, wires.Edge.SessionCount);
        wires.Wait(Duration.FromSeconds(2));
        Assert.Equal(ClientLimits.Default.Sessions - 1, wires.Edge.SessionCount);
    }
}
