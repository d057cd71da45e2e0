using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class LinkModelTests
{
    private const int Many = 200_000;
    private static readonly Duration Millisecond = Duration.FromMilliseconds(1);

    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0.30, 1)]
    [InlineData(0.05, 5)]
    [InlineData(0.15, 4)]
    [InlineData(0.40, 20)]
    public void LossAndBurstsAreWhatTheyShouldBe(double loss, double burst)
    {
        var link = new LinkModel(new() { Loss = loss, Burst = burst }, seed: 1);
        long lost = 0, bursts = 0;
        var before = false;
        for (var i = 0; i < Many; i++)
        {
            var gone = link.Offer(At(i), 1_000).Fate == PacketFate.Lost;
            lost += gone ? 1 : 0;
            bursts += gone && !before ? 1 : 0;
            before = gone;
        }

        var expectedBurst = burst > 1 ? burst : 1 / (1 - loss);
        Assert.InRange(lost / (double)Many, loss * 0.93, loss * 1.07);
        Assert.InRange(lost / (double)bursts, expectedBurst * 0.95, expectedBurst * 1.05);
        Assert.Equal(lost, link.Counters.Lost);
        Assert.Equal(Many, link.Counters.Sent);
        Assert.Equal(Many * 1_000L, link.Counters.SentBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void NothingAndEverythingCanBeLost(double burst)
    {
        var link = new LinkModel(new() { Loss = 0, Burst = burst }, seed: 2);
        Assert.All(Enumerable.Range(0, 1_000), i => Assert.Equal(PacketFate.Carried, link.Offer(At(i), 100).Fate));
        link.Settings = new() { Loss = 1 };
        Assert.All(Enumerable.Range(0, 1_000), i => Assert.Equal(PacketFate.Lost, link.Offer(At(i), 100).Fate));
    }

    [Fact]
    public void TheSerialiserKeepsItsRateAndItsQueue()
    {
        var rate = Bandwidth.FromMegabitsPerSecond(10);
        var link = new LinkModel(new() { Rate = rate, Delay = Millisecond, Queue = Duration.FromMilliseconds(20) }, seed: 3);
        var gap = rate.TimeFor(1_250) / 2;
        long carriedBytes = 0;
        var last = MonoTime.Zero;
        for (var i = 0; i < 20_000; i++)
        {
            var now = MonoTime.Zero + (gap * i);
            var verdict = link.Offer(now, 1_250);
            if (verdict.Fate != PacketFate.Carried)
            {
                Assert.Equal(PacketFate.Overflowed, verdict.Fate);
                continue;
            }

            carriedBytes += 1_250;
            Assert.True(verdict.Due - now <= Duration.FromMilliseconds(20 + 1 + 1));
            Assert.True(last.Nanoseconds == 0 || verdict.Due - last >= rate.TimeFor(1_250));
            last = verdict.Due;
        }

        Assert.InRange(Bandwidth.FromBytes(carriedBytes, last - MonoTime.Zero).MegabitsPerSecond, 9.9, 10.0);
        Assert.InRange(link.Counters.Overflowed, 9_900, 10_000);
    }

    [Fact]
    public void AnIdleLinkDelaysByItsDelayAndThePacketsOwnTime()
    {
        var link = new LinkModel(new() { Rate = Bandwidth.FromMegabitsPerSecond(12), Delay = Duration.FromMilliseconds(40) }, seed: 3);
        Assert.Equal(At(0) + Duration.FromMilliseconds(41), link.Offer(At(0), 1_500).Due);
        Assert.Equal(At(0) + Duration.FromMilliseconds(42), link.Offer(At(0), 1_500).Due);
        Assert.Equal(At(100) + Duration.FromMilliseconds(41), link.Offer(At(100), 1_500).Due);
    }

    [Fact]
    public void AChangeOfRateLeavesTheBacklog()
    {
        var link = new LinkModel(new() { Rate = Bandwidth.FromMegabitsPerSecond(1) }, seed: 3);
        Assert.Equal(At(10), link.Offer(At(0), 1_250).Due);
        link.Settings = link.Settings with { Rate = Bandwidth.FromMegabitsPerSecond(10) };
        Assert.Equal(At(11), link.Offer(At(0), 1_250).Due);
    }

    [Fact]
    public void JitterKeepsOrder()
    {
        var link = new LinkModel(new() { Delay = Duration.FromMilliseconds(20), Jitter = Duration.FromMilliseconds(10) }, seed: 4);
        var last = MonoTime.Zero;
        for (var i = 0; i < Many; i++)
        {
            var due = link.Offer(At(i / 10.0), 100).Due;
            Assert.True(due >= last);
            last = due;
        }
    }

    [Fact]
    public void JitterIsTheAbsoluteValueOfANormalDeviate()
    {
        var link = new LinkModel(new() { Delay = Duration.FromMilliseconds(20), Jitter = Duration.FromMilliseconds(10) }, seed: 4);
        double sum = 0;
        var within = 0;
        for (var i = 0; i < Many; i++)
        {
            var extra = (link.Offer(At(i * 1_000.0), 100).Due - At(i * 1_000.0)).Milliseconds - 20;
            Assert.True(extra >= 0);
            sum += extra;
            within += extra <= 10 ? 1 : 0;
        }

        Assert.InRange(sum / Many, 7.9, 8.06);
        Assert.InRange(within / (double)Many, 0.678, 0.688);
    }

    [Fact]
    public void AReorderedPacketOvertakesAndHoldsNobodyUp()
    {
        var link = new LinkModel(new() { Delay = Duration.FromMilliseconds(40), Reorder = 0.1 }, seed: 5);
        var reordered = 0;
        for (var i = 0; i < Many; i++)
        {
            var verdict = link.Offer(At(i), 100);
            Assert.Equal(At(i) + Duration.FromMilliseconds(verdict.Reordered ? 20 : 40), verdict.Due);
            reordered += verdict.Reordered ? 1 : 0;
        }

        Assert.InRange(reordered / (double)Many, 0.095, 0.105);
        Assert.Equal(reordered, link.Counters.Reordered);
    }

    [Fact]
    public void DuplicatesComeAMicrosecondLater()
    {
        var link = new LinkModel(new() { Delay = Millisecond, Duplicate = 0.2 }, seed: 6);
        var duplicated = 0;
        for (var i = 0; i < Many; i++)
        {
            var verdict = link.Offer(At(i), 100);
            Assert.Equal(verdict.IsDuplicated ? verdict.Due + Duration.FromMicroseconds(1) : MonoTime.Never, verdict.DuplicateDue);
            duplicated += verdict.IsDuplicated ? 1 : 0;
        }

        Assert.InRange(duplicated / (double)Many, 0.195, 0.205);
        Assert.Equal(duplicated, link.Counters.Duplicated);
    }

    [Fact]
    public void CorruptionHitsEveryBitOfThePayloadAndNothingElse()
    {
        var link = new LinkModel(new() { Corrupt = 0.5 }, seed: 7);
        var bits = new int[80];
        for (var i = 0; i < 40_000; i++)
        {
            var bit = link.Offer(At(i), 10 + WanLimits.IpUdpHeader).CorruptBit;
            if (bit >= 0)
                bits[bit]++;
        }

        Assert.InRange(bits.Sum(), 19_500, 20_500);
        Assert.All(bits, count => Assert.InRange(count, 170, 330));
        Assert.Equal(bits.Sum(), link.Counters.Corrupted);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(-1, link.Offer(At(i), WanLimits.IpUdpHeader).CorruptBit));
    }

    [Fact]
    public void WhatIsLargerThanTheMtuVanishes()
    {
        var link = new LinkModel(new() { Mtu = 1_280 }, seed: 8, networkMtu: 1_500);
        Assert.Equal(PacketFate.Carried, link.Offer(At(0), 1_280).Fate);
        Assert.Equal(PacketFate.TooBig, link.Offer(At(0), 1_281).Fate);
        link.Settings = new() { Mtu = 9_000 };
        Assert.Equal(PacketFate.Carried, link.Offer(At(0), 1_500).Fate);
        Assert.Equal(PacketFate.TooBig, link.Offer(At(0), 1_501).Fate);
        Assert.Equal(2, link.Counters.TooBig);
    }

    [Fact]
    public void NothingPassesWhileDownOrWhileAHostIs()
    {
        var link = new LinkModel(new() { Down = true }, seed: 9);
        Assert.Equal(PacketFate.Lost, link.Offer(At(0), 100).Fate);
        link.Settings = new();
        Assert.Equal(PacketFate.Lost, link.Offer(At(0), 100, reachable: false).Fate);
        Assert.Equal(PacketFate.Carried, link.Offer(At(0), 100).Fate);
        Assert.Equal((3, 2), (link.Counters.Sent, link.Counters.Lost));
    }

    [Fact]
    public void TheSeedDecidesEverything()
    {
        Assert.Equal(Verdicts(10), Verdicts(10));
        Assert.NotEqual(Verdicts(10), Verdicts(11));
    }

    [Fact]
    public void AnOfferAllocatesNothing()
    {
        var link = new LinkModel(Everything, seed: 12);
        link.Offer(At(0), 1_200);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                link.Offer(At((attempt * 10_000) + i), 1_200);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void SettingsThatMakeNoSenseAreRefusedWithWhatToWrite()
    {
        Assert.Contains("5 % is 0.05", Assert.Throws<ArgumentException>(() => new LinkModel(new() { Loss = 5 }, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LinkModel(new() { Corrupt = double.NaN }, 0));
        Assert.Throws<ArgumentException>(() => new LinkModel(new() { Delay = -Millisecond }, 0));
        Assert.Throws<ArgumentException>(() => new LinkModel(new() { Mtu = 100 }, 0));
    }

    private static LinkSettings Everything => new()
    {
        Delay = Millisecond,
        Jitter = Millisecond,
        Loss = 0.1,
        Burst = 3,
        Rate = Bandwidth.FromMegabitsPerSecond(8),
        Duplicate = 0.1,
        Corrupt = 0.1,
        Reorder = 0.1,
    };

    private static List<LinkVerdict> Verdicts(ulong seed)
    {
        var link = new LinkModel(Everything, seed);
        return [.. Enumerable.Range(0, 1_000).Select(i => link.Offer(At(i), 500))];
    }

    private static MonoTime At(double milliseconds) => MonoTime.Zero + Duration.FromMilliseconds(milliseconds);
}
