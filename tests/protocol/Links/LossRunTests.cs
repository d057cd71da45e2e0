using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>What a link takes for runs of losses where some packets were only late: docs/decisions/0047.</summary>
public sealed class LossRunTests
{
    private const int OneWay = 20;
    private const int Late = 35;
    private const int Packets = 4_200;

    /// <summary>A stretch that comes later than was tolerated leaves no trace in the length of a run, be the true ones single losses or bursts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Packets_that_were_only_late_make_no_run_longer_or_shorter(int run)
    {
        var counters = new LinkCounters();
        var sender = new LinkSender(new PacketPool(1 << 20), new DropCounters(), counters);
        var receiver = default(ReceiveWindow);
        var arrivals = new PriorityQueue<ulong, (int At, ulong Number)>();
        var acks = new Queue<(int At, byte[] Bytes)>();
        for (var ms = 0; ms < Packets; ms++)
        {
            var now = MonoTime.FromSeconds(100) + Duration.FromMilliseconds(ms);
            while (acks.TryPeek(out var ack) && ack.At <= ms)
            {
                var reader = new WireReader(acks.Dequeue().Bytes);
                Assert.True(reader.TryReadByte(out _));
                Assert.True(AckFrame.TryRead(ref reader, sender.NextNumber, out var frame));
                sender.OnAck(now, frame);
            }

            sender.HandleTimeout(now);
            var packet = default(SentPacket);
            var number = sender.OnSending(now, ref packet, 200, elicits: true);
            if (number % (100 * (ulong)run) >= (ulong)run)
                arrivals.Enqueue(number, (ms + (number is >= 4_030 and < 4_038 ? Late : OneWay), number));
            var any = false;
            while (arrivals.TryPeek(out _, out var next) && next.At <= ms)
                any |= receiver.Record(arrivals.Dequeue(), now);
            if (any)
                acks.Enqueue((ms + OneWay, Ack(ref receiver, now)));
        }

        Assert.Equal(8, counters.SpuriousLosses);
        Assert.InRange(sender.Conditions.Burst, run * 0.9, run * 1.1);
        Assert.InRange(sender.Conditions.Loss, 0.005, 0.015);
    }

    private static byte[] Ack(ref ReceiveWindow receiver, MonoTime now)
    {
        var buffer = new byte[1_000];
        var writer = new WireWriter(buffer);
        receiver.WriteAck(ref writer, now);
        return buffer[..writer.Length];
    }
}
