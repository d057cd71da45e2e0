using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus;

/// <summary>A reader that may not miss anything holds up who publishes for it, and nobody else.</summary>
public sealed class PushBackTests
{
    private const int Window = 2 << 20;
    private const int Size = 1_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_publisher_waits_for_a_reader_that_pushes_back_and_nobody_else_does(int seed)
    {
        var wires = new BusWires(seed);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        var quick = wires.Join("quick");
        var other = wires.Join("other");
        slow.Reads = false;
        slow.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        quick.Subscribe("shop.>");
        wires.Carry();
        var sent = Fill(wires, shop);

        // What the window lets through is with the others; the slow one's credit and 1 MiB behind it are confirmed, and no more.
        Assert.InRange(sent, (Window + (1 << 20)) / (Size + 300), 8_000);
        Assert.Equal(sent, quick.Heard.Count);
        Assert.Equal((ulong)sent, shop.Accepted);
        Assert.InRange(shop.Settled, 800ul, (ulong)sent - 1_000);
        other.Publish("shop.prices", "x"u8);
        wires.Carry();
        Assert.Equal((1ul, sent + 1), (other.Settled, quick.Heard.Count));

        // Its reader goes on, by steps.
        for (var read = 0; slow.Heard.Count < 10_000;)
        {
            for (; read < slow.Heard.Count; read++)
                slow.Client.Consume(slow.Heard[read].Subscription, slow.Heard[read].Payload.Length);
            wires.Carry();
            sent += Fill(wires, shop, sent);
        }

        slow.ReadAll();
        wires.Carry();
        Assert.Empty(slow.Gaps);
        Assert.Equal(Enumerable.Range(0, sent), slow.Heard.Select(heard => BinaryPrimitives.ReadInt32BigEndian(heard.Payload)));
        Assert.Equal((ulong)sent, shop.Settled);
        Assert.Empty(shop.Refused);
    }

    [Fact]
    public void Who_does_not_wait_is_refused_by_name_and_nothing_else_is_lost()
    {
        var wires = new BusWires(3);
        var greedy = wires.Join("greedy");
        var slow = wires.Join("slow");
        var quick = wires.Join("quick");
        slow.Reads = false;
        slow.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        quick.Subscribe("shop.>");
        wires.Carry();
        for (var index = 0; index < 400; index++)
        {
            greedy.Publish("shop.orders.a", Payload(index, 100_000));
            wires.Carry();
        }

        Assert.All(greedy.Refused, refused => Assert.Equal((FrameKind.Publish, RefusalReason.Overloaded), (refused.What, refused.Reason)));
        Assert.InRange(greedy.Refused.Count, 200, 240);
        Assert.Equal(400, greedy.Refused.Count + quick.Heard.Count);
        slow.ReadAll();
        wires.Carry();
        Assert.Equal(quick.Heard.Count, slow.Heard.Count);
        Assert.Empty(slow.Gaps);
        Assert.Equal(400ul, greedy.Settled);
    }

    [Fact]
    public void Who_takes_nothing_is_waited_for_no_longer_and_told()
    {
        var wires = new BusWires(4);
        var shop = wires.Join("shop");
        var dead = wires.Join("dead");
        dead.Reads = false;
        dead.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        wires.Carry();
        var sent = Fill(wires, shop);
        Assert.NotEqual((ulong)sent, shop.Settled);
        wires.Wait(Duration.FromMilliseconds(1));
        for (var second = 0; second < 30; second++)
        {
            Assert.NotEqual((ulong)sent, shop.Settled);
            wires.Wait(Duration.FromSeconds(1));
            wires.Carry();
        }

        Assert.Equal((ulong)sent, shop.Settled);
        sent += Fill(wires, shop, sent, atMost: 20_000);
        Assert.Equal((ulong)sent, shop.Settled);
        dead.ReadAll();
        wires.Carry();
        Assert.Equal((ulong)sent, (ulong)dead.Heard.Count + dead.Gaps.Aggregate(0ul, (sum, gap) => sum + gap.Missed));
        Assert.True(dead.Gaps.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Cuts_while_publishers_wait_lose_and_repeat_nothing(int seed)
    {
        var random = new Random(seed);
        var wires = new BusWires(seed);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        slow.Reads = false;
        slow.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        wires.Carry();
        var sent = 0;
        for (var (read, step) = (0, 0); step < 200; step++)
        {
            sent += Fill(wires, shop, sent, sent + random.Next(200));
            for (var left = random.Next(120); left > 0 && read < slow.Heard.Count; left--, read++)
                slow.Client.Consume(slow.Heard[read].Subscription, slow.Heard[read].Payload.Length);
            wires.Carry(random.Next(12));
            foreach (var player in (BusPlayer[])[shop, slow])
            {
                if (wires.IsCut(player) || random.Next(20) == 0)
                    wires.Cut(player);
                if (wires.IsCut(player) && random.Next(3) != 0)
                    wires.Connect(player);
            }
        }

        // As those that were read before are told once more, more is granted than there is.
        foreach (var player in ((BusPlayer[])[shop, slow]).Where(wires.IsCut))
            wires.Connect(player);
        slow.ReadAll();
        Assert.True(wires.Carry());
        Assert.Empty(slow.Gaps);
        Assert.True(shop.Resumptions > 0 && slow.Resumptions > 0);
        Assert.Equal(Enumerable.Range(0, sent), slow.Heard.Select(heard => BinaryPrimitives.ReadInt32BigEndian(heard.Payload)));
        Assert.Equal((ulong)sent, shop.Settled);
    }

    [Fact]
    public void Who_goes_lets_its_publishers_go()
    {
        var wires = new BusWires(5);
        var shop = wires.Join("shop");
        var slow = wires.Join("slow");
        var gone = wires.Join("gone");
        slow.Reads = gone.Reads = false;
        var subscription = slow.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        gone.Subscribe("shop.orders.>", OverloadPolicy.PushBack);
        wires.Carry();
        var sent = Fill(wires, shop);
        slow.Client.Unsubscribe(subscription);
        wires.Carry();
        Assert.NotEqual((ulong)sent, shop.Settled);
        gone.Client.Leave();
        wires.Carry();
        Assert.Equal((ulong)sent, shop.Settled);
    }

    [Fact]
    public void What_is_held_holds_back_what_is_behind_it()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var holds = new PublishHolds();
            var held = new SortedDictionary<ulong, int>();
            var last = (ulong)random.Next(1, 1_000);
            for (var step = 0; step < 2_000; step++)
            {
                if (random.Next(2) == 0)
                    last++;
                if (held.Count > 0 && random.Next(100) < 48)
                {
                    var number = held.Keys.ElementAt(random.Next(Math.Min(held.Count, 20)));
                    holds.Release(number);
                    if (--held[number] == 0)
                        held.Remove(number);
                }
                else
                {
                    holds.Hold(last);
                    held[last] = held.GetValueOrDefault(last) + 1;
                }

                Assert.Equal(held.Count == 0 ? last : held.Keys.First() - 1, holds.Settled(last));
            }
        }
    }

    /// <summary>Publishes as a library does: as much as is not confirmed at a time.</summary>
    private static int Fill(BusWires wires, BusPlayer shop, int first = 0, int atMost = 12_000)
    {
        var number = first;
        while (shop.Client.UnconfirmedBytes < Window && number < atMost)
        {
            shop.Publish("shop.orders.a", Payload(number++, Size));
            if (number % 50 == 0)
                wires.Carry();
        }

        wires.Carry();
        return number - first;
    }

    private static byte[] Payload(int number, int size)
    {
        var payload = new byte[size];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return payload;
    }
}
