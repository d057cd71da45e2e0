using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>How long a message lives at an edge, and for how long its id is known there.</summary>
public sealed class MessageLifeTests
{
    [Fact]
    public void What_has_waited_too_long_does_not_come_and_is_told()
    {
        var wires = new BusWires(1);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        slow.Reads = false;
        var subscription = slow.Subscribe("shop.>");
        wires.Carry();

        // As much as the reader's credit lets through, and one more; behind it what waits.
        shop.Publish("shop.a", new byte[300_000]);
        for (var index = 0; index < 30; index++)
            shop.Publish("shop.a", Encoding.UTF8.GetBytes($"{index}"), life: index % 3 == 0 ? 1_000u : 0);
        wires.Carry();
        Assert.Single(slow.Heard);
        wires.Wait(Duration.FromMilliseconds(999));
        shop.Publish("shop.a", "late"u8, life: 1_000);
        wires.Carry();
        wires.Wait(Duration.FromMilliseconds(1));

        slow.ReadAll();
        wires.Carry();
        Assert.Equal($"{string.Join(' ', Enumerable.Range(0, 30).Where(index => index % 3 != 0))} late", Words(slow, skip: 1));
        Assert.All(slow.Gaps, gap => Assert.Equal((subscription, GapReason.Expired), (gap.Subscription, gap.Reason)));
        Assert.Equal(10ul, slow.Gaps.Aggregate(0ul, (sum, gap) => sum + gap.Missed));
        Assert.Equal(10, wires.Edge.Counters.Missed(GapReason.Expired));
    }

    [Fact]
    public void An_id_that_its_client_has_used_is_confirmed_and_goes_nowhere()
    {
        var wires = new BusWires(2);
        var shop = wires.Join("shop");
        var again = wires.Join("shop");
        var other = wires.Join("other");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.>");
        wires.Carry();
        shop.Publish("shop.a", "1"u8, id: "order-1");
        shop.Publish("shop.a", "2"u8, id: "order-1");
        shop.Publish("shop.b", "3"u8, id: "order-1");
        shop.Publish("shop.a", "4"u8, id: "order-2");
        wires.Carry();
        again.Publish("shop.a", "5"u8, id: "order-2");
        other.Publish("shop.a", "6"u8, id: "order-2");
        wires.Carry();
        Assert.Equal("1 3 4 6", Words(ann));
        Assert.Equal((4ul, 1ul, 2), (shop.Settled, again.Settled, wires.Edge.Counters.Repeated));

        // Known for two minutes at the least and four at the most.
        wires.Wait(Duration.FromSeconds(119));
        shop.Publish("shop.a", "7"u8, id: "order-2");
        wires.Carry();
        Assert.Equal(4, ann.Heard.Count);
        wires.Wait(Duration.FromSeconds(122));
        shop.Publish("shop.a", "8"u8, id: "order-2");
        wires.Carry();
        Assert.Equal(5, ann.Heard.Count);
    }

    [Fact]
    public void A_client_s_ids_are_bounded()
    {
        var wires = new BusWires(3);
        var shop = wires.Join("shop");
        wires.Carry();
        for (var index = 0; index < 3 * BusLimits.MaxIds; index++)
            shop.Publish("shop.a", [], id: $"{index}");
        wires.Carry();
        shop.Publish("shop.a", [], id: $"{2 * BusLimits.MaxIds}");
        shop.Publish("shop.a", [], id: "0");
        wires.Carry();
        Assert.Equal(1, wires.Edge.Counters.Repeated);
    }

    private static string Words(BusPlayer player, int skip = 0) => string.Join(' ', player.Heard.Skip(skip).Select(heard => Encoding.UTF8.GetString(heard.Payload)));
}
