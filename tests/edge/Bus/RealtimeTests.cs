using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.Edge.Tests.Bus;

/// <summary>
/// Realtime messages between clients and their edge: in time or not at all, and beside what is in order. What a test says of loss is each client's, so
/// that a message crosses two such lines within its deadline.
/// </summary>
public sealed class RealtimeTests
{
    private static readonly Duration Patience = Duration.FromSeconds(60);
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    [Theory]
    [InlineData(1, 0.0, 0.0)]
    [InlineData(2, 0.1, 0.01)]
    [InlineData(3, 0.3, 0.05)]
    public void Realtime_comes_in_time_beside_reliable_messages_of_the_same_publisher(int seed, double loss, double missed)
    {
        const int Count = 1_000;
        using var wires = new GatewayWires(seed, loss);
        var (shop, ann) = Joined(wires);
        for (var number = 0; number < Count; number++)
        {
            shop.PublishRealtime(wires.Now, "shop.voice", number, Deadline);
            if (number % 10 == 0)
                shop.Publish("shop.orders", number / 10, bytes: 3_000);
            var heard = ann.HeardRealtime.Count;
            wires.RunFor(Duration.FromMilliseconds(20));
            Assert.All(ann.HeardRealtime.Skip(heard), one => Assert.True(one.Deadline >= wires.Now - Duration.FromMilliseconds(20)));
        }

        Assert.True(wires.RunUntil(() => shop.Settled == Count / 10 && ann.Heard.Count == Count / 10, Patience));
        wires.RunFor(Deadline);
        Assert.Equal(Enumerable.Range(0, Count / 10), ann.Heard);
        Assert.Equal(ann.HeardRealtime.Count, ann.HeardRealtime.DistinctBy(one => one.Number).Count());
        Assert.InRange(ann.HeardRealtime.Count, Count * (1 - missed), Count);
    }

    [Fact]
    public void What_is_left_of_the_deadline_travels_with_the_message()
    {
        using var wires = new GatewayWires(4, loss: 0);
        var (shop, ann) = Joined(wires);
        wires.RunFor(Duration.FromSeconds(2));
        var sentAt = wires.Now;
        shop.PublishRealtime(sentAt, "shop.voice", 1, Duration.FromMilliseconds(30));
        shop.PublishRealtime(sentAt, "shop.voice", 2, Duration.FromMilliseconds(60));
        shop.PublishRealtime(sentAt, "shop.voice", 3, Duration.FromMilliseconds(500), bytes: 200_000);
        wires.RunFor(Duration.FromSeconds(1));

        // 20 ms to the edge, 20 ms to the other: the first is too late for that, wherever its time ends.
        Assert.Equal([2, 3], ann.HeardRealtime.Select(one => one.Number));
        Assert.InRange((ann.HeardRealtime[0].Deadline - sentAt).Milliseconds, 50, 70);
        Assert.InRange((ann.HeardRealtime[1].Deadline - sentAt).Milliseconds, 490, 510);
    }

    [Fact]
    public void Realtime_that_may_not_be_is_counted_and_told_once_a_second_and_takes_nothing_with_it()
    {
        using var wires = new GatewayWires(5, loss: 0);
        var (shop, ann) = Joined(wires);
        for (var number = 0; number < 50; number++)
        {
            shop.PublishRealtime(wires.Now, "bank.voice", number, Deadline);
            shop.Publish("shop.orders", number);
            wires.RunFor(Duration.FromMilliseconds(50));
        }

        Assert.True(wires.RunUntil(() => shop.Settled == 50 && ann.Heard.Count == 50, Patience));
        Assert.Equal(50, wires.Counters.Refused(RefusalReason.NotAllowed));
        Assert.Equal(3, shop.Refused.Count);
        Assert.All(shop.Refused, refused => Assert.Equal((FrameKind.Publish, 0ul), refused));
    }

    [Fact]
    public void Without_a_connection_it_is_let_go_of_and_never_said_again()
    {
        using var wires = new GatewayWires(6, loss: 0);
        var shop = wires.Join("shop");
        shop.PublishRealtime(wires.Now, "shop.voice", 1, Duration.FromSeconds(10));
        Assert.True(wires.RunUntil(() => shop.Readies == 1, Patience));
        wires.RunFor(Duration.FromSeconds(1));
        Assert.Equal(1, shop.Client.RealtimeDropped);
        Assert.Equal(0, wires.Counters.MessagesIn);
    }

    [Fact]
    public void In_line_with_frames_in_order_it_goes_too_and_a_reader_that_stops_gets_no_more_than_its_share()
    {
        var wires = new BusWires(7);
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.>");
        wires.Carry();
        ann.Reads = false;
        for (var number = 0; number < 600; number++)
        {
            Assert.True(shop.Client.TryPublishRealtime(3, "shop.voice"u8, new byte[1_000], [], out var frame));
            wires.Inject(shop, frame);
            shop.Publish("shop.orders", [(byte)number]);
            Assert.True(wires.Carry());
        }

        Assert.Equal(SessionLimits.RealtimeBehind / 1_000, ann.HeardRealtime.Count);
        Assert.Equal(600 - ann.HeardRealtime.Count, ann.Client.RealtimeDropped);
        Assert.Equal(600, ann.Heard.Count);
        Assert.Empty(ann.Gaps);
    }

    [Fact]
    public void What_waits_in_line_is_bounded_and_what_is_over_is_counted()
    {
        var wires = new BusWires(8);
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.>");
        wires.Carry();
        for (var number = 0; number < 600; number++)
        {
            Assert.True(shop.Client.TryPublishRealtime(3, "shop.voice"u8, new byte[1_000], [], out var frame));
            wires.Inject(shop, frame);
        }

        var dropped = wires.Edge.Counters.Dropped(RealtimeDrop.NoRoom);
        Assert.InRange(dropped, 600 - (SessionLimits.RealtimeInLine / 1_000), 600);
        wires.Cut(ann);
        Assert.True(shop.Client.TryPublishRealtime(3, "shop.voice"u8, new byte[1_000], [], out var last));
        wires.Inject(shop, last);
        Assert.Equal(1, wires.Edge.Counters.Dropped(RealtimeDrop.NoConnection));
    }

    [Fact]
    public void Bytes_beside_the_order_that_are_no_realtime_message_end_the_connection()
    {
        var batch = new FrameBatch();
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, 1);
        new PublishFrame { Number = 1, Traits = new(Delivery.Reliable, 3), Subject = "shop.a"u8, Payload = payload }.Write(batch);
        foreach (var bytes in new[] { batch.Bytes.ToArray(), [1, 2, 3], [] })
        {
            var wires = new BusWires(9);
            var liar = wires.Join("liar");
            wires.Carry();
            wires.InjectRealtime(liar, Duration.FromSeconds(1), bytes);
            wires.Carry();
            Assert.Equal(GoodbyeReason.Malformed, Assert.Single(liar.Goodbyes));
            Assert.Equal(0, wires.Edge.Counters.MessagesIn);
        }
    }

    private static (GatewayPlayer Shop, GatewayPlayer Ann) Joined(GatewayWires wires)
    {
        var shop = wires.Join("shop");
        var ann = wires.Join("ann");
        ann.Subscribe("shop.>");
        Assert.True(wires.RunUntil(() => ann.Confirmed == 1 && shop.Readies == 1, Patience));
        return (shop, ann);
    }
}
