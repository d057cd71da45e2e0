using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

public sealed class CongestionControlTests
{
    private static readonly Duration Rtt = Duration.FromMilliseconds(20);

    [Fact]
    public void A_trickle_says_nothing_about_what_the_path_can_carry()
    {
        var congestion = default(CongestionControl);
        var measured = default(RttEstimator);
        measured.AddSample(MonoTime.Zero, Rtt, Duration.Zero);
        var now = MonoTime.FromSeconds(1);
        for (var i = 0; i < 200; i++)
        {
            var packet = new SentPacket { Size = 60, SentAt = now, Delivery = congestion.OnSending(now, inFlight: 0) };
            congestion.OnAppLimited(packet.Size + WireLimits.IPv4Overhead);
            now += Rtt;
            congestion.OnAcked(now, packet);
            congestion.OnAckDone(now, packet, measured, inFlight: 0, isInOrder: true);
            now += Duration.FromMilliseconds(80);
        }

        Assert.True(congestion.PacingRate(Rtt) > Bandwidth.FromMegabitsPerSecond(5), $"{congestion.PacingRate(Rtt)} after a trickle");
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(5, 20_000)]
    [InlineData(50, 100)]
    public void A_bottleneck_is_filled_by_a_sender_that_always_has_more(double megabits, long delayMicroseconds)
    {
        using var pair = new LinkPair { Rate = Bandwidth.FromMegabitsPerSecond(megabits), Delay = Duration.FromMicroseconds(delayMicroseconds) };
        var from = pair.Now;
        for (var number = 0; pair.Now < from + Duration.FromSeconds(4);)
        {
            while (pair.A.QueuedPackets(ServiceClass.Bulk) < 256)
                pair.Send(pair.A, ServiceClass.Bulk, LinkPair.Numbered(number++, 1_200));
            pair.RunFor(Duration.FromMilliseconds(5));
        }

        var carried = Bandwidth.FromBytes(pair.DeliveredToB.Count * 1_200L, pair.Now - from);
        Assert.True(carried > Bandwidth.FromMegabitsPerSecond(megabits * 0.85), $"{carried} carried: {pair.Describe()}");
    }

    [Fact]
    public void A_path_that_has_become_longer_is_not_drained_dry()
    {
        var congestion = default(CongestionControl);
        var shorter = Duration.FromMilliseconds(16);
        var longer = Duration.FromMilliseconds(128);
        var measured = default(RttEstimator);
        measured.AddSample(MonoTime.Zero, shorter, Duration.Zero);
        var inFlight = new Queue<SentPacket>();
        var mayGoAt = MonoTime.FromSeconds(1);
        for (var now = mayGoAt; now < MonoTime.FromSeconds(8); now += Duration.FromMicroseconds(200))
        {
            while (inFlight.TryPeek(out var oldest) && oldest.SentAt + longer <= now)
            {
                inFlight.Dequeue();
                congestion.OnAcked(now, oldest);
                congestion.OnAckDone(now, oldest, measured, inFlight.Count * 1_200, isInOrder: true);
            }

            while (mayGoAt <= now && inFlight.Count * 1_200 < congestion.Window(measured))
            {
                inFlight.Enqueue(new SentPacket { Size = 1_200, SentAt = now, Delivery = congestion.OnSending(now, inFlight.Count * 1_200) });
                mayGoAt = MonoTime.Max(mayGoAt, now) + congestion.PacingRate(longer).TimeFor(1_200);
            }
        }

        Assert.True(congestion.Bandwidth > Bandwidth.FromMegabitsPerSecond(2), $"{congestion.Bandwidth} where a window of {congestion.Window(measured)} bytes fits into 128 ms");
    }
}
