using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>A sender with always more to send, who wakes exactly when the pacer says.</summary>
public sealed class PacerTests
{
    private const int Packet = 1_300;

    public static TheoryData<int> Megabits => [1, 10, 40, 80, 100, 1_000, 10_000];

    [Theory]
    [MemberData(nameof(Megabits))]
    public void WhoAlwaysHasMoreToSendGoesAtTheRate(int megabits)
    {
        var rate = Bandwidth.FromMegabitsPerSecond(megabits);
        var (sent, _, _) = Run(rate);
        Assert.InRange(sent, rate.BytesIn(Duration.FromSeconds(1)) * 0.99, (rate.BytesIn(Duration.FromSeconds(1)) * 1.01) + (2 * Packet));
    }

    [Theory]
    [MemberData(nameof(Megabits))]
    public void NoBurstIsLongerThanAQuantumAndAPacket(int megabits)
    {
        var rate = Bandwidth.FromMegabitsPerSecond(megabits);
        var quantum = Math.Clamp(rate.BytesIn(Duration.FromMilliseconds(1)), 2 * WireLimits.FullDatagram, 64 * 1_024);
        var (_, longest, _) = Run(rate);
        Assert.InRange(longest, Packet, quantum + Packet);
    }

    /// <summary>A wake-up costs more than a packet: where there are many packets in a millisecond, one wake-up sends several.</summary>
    [Theory]
    [InlineData(100, 2_500)]
    [InlineData(1_000, 5_000)]
    [InlineData(10_000, 50_000)]
    public void AFastLinkWakesForHalfAQuantum(int megabits, int atMost)
    {
        var (_, _, wakes) = Run(Bandwidth.FromMegabitsPerSecond(megabits));
        Assert.InRange(wakes, 1, atMost);
    }

    /// <summary>Where a millisecond holds few packets, the next goes when its time has come, as waiting for company would be felt.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    public void ASlowLinkWaitsForNoCompany(int megabits)
    {
        var rate = Bandwidth.FromMegabitsPerSecond(megabits);
        var pacer = default(Pacer);
        var now = MonoTime.FromSeconds(1);
        while (pacer.MaySend(now))
            pacer.OnSent(now, Packet, rate);
        Assert.InRange((pacer.NextAt - now).Nanoseconds, 1, rate.TimeFor(Packet).Nanoseconds);
    }

    private static (long Sent, long LongestBurst, int Wakes) Run(Bandwidth rate)
    {
        var pacer = default(Pacer);
        var now = MonoTime.FromSeconds(1);
        var end = now + Duration.FromSeconds(1);
        var (sent, longest, wakes) = (0L, 0L, 0);
        while (now < end)
        {
            var burst = 0L;
            while (pacer.MaySend(now))
            {
                pacer.OnSent(now, Packet, rate);
                burst += Packet;
            }

            sent += burst;
            longest = Math.Max(longest, burst);
            wakes++;
            Assert.True(pacer.NextAt > now);
            now = pacer.NextAt;
        }

        return (sent, longest, wakes);
    }
}
