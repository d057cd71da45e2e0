using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>docs/decisions/0026: bursts pass, standing queues do not.</summary>
public sealed class OverloadWatchTests
{
    private static readonly MonoTime Start = MonoTime.FromSeconds(10);
    private static readonly Crossing Way = new(Shortest: Ms(20), Expected: Ms(20));

    private readonly PacketPool _pool = new(1 << 20);
    private OverloadWatch _watch;

    /// <summary>One leaves every 2 ms, and all came at once, again and again, as soon as the queue has drained.</summary>
    [Theory]
    [InlineData(90)]
    [InlineData(80)]
    [InlineData(10)]
    public void BurstsThatDrainInTimeLoseNothing(int packets)
    {
        for (var (now, burst) = (Start, 0); burst < 20; burst++)
        {
            var came = now;
            for (var i = 0; i < packets; i++, now += Ms(2))
                Assert.False(IsToGo(now, came), $"packet {i} of burst {burst}");
        }
    }

    [Fact]
    public void ABurstThatDoesNotDrainInTimeLosesWhatWouldBeLate()
    {
        for (var i = 0; i < 200; i++)
            Assert.Equal(i * 2 > 180, IsToGo(Start + Ms(i * 2), Start));
    }

    /// <summary>One comes every millisecond and one leaves every two: before long none waits longer than a quarter of the 180 ms that there are.</summary>
    [Fact]
    public void AStandingQueueIsKeptShort()
    {
        var (came, shed) = (Start, 0);
        for (var now = Start; now < Start + Ms(4_000); now += Ms(2))
        {
            for (; came <= now && IsToGo(now, came); came += Ms(1))
                shed++;
            Assert.True(now < Start + Ms(1_000) || now - came <= Ms(45), $"{now - came} at {now}");
            came += Ms(1);
        }

        Assert.InRange(shed, 1_900, 2_000);
    }

    [Fact]
    public void OnceWaitsAreShortAQueueMayGrowAgain()
    {
        Assert.False(IsToGo(Start + Ms(50), Start));
        Assert.False(IsToGo(Start + Ms(140), Start + Ms(90)));
        Assert.True(IsToGo(Start + Ms(231), Start + Ms(180)));
        Assert.False(IsToGo(Start + Ms(232), Start + Ms(209)));
        Assert.True(IsToGo(Start + Ms(260), Start + Ms(210)));
        Assert.False(IsToGo(Start + Ms(262), Start + Ms(240)));
        Assert.False(IsToGo(Start + Ms(340), Start + Ms(240)));
    }

    /// <summary>Waits were long when the line ended, and are again after a pause of the link much later.</summary>
    [Fact]
    public void WhatWasLongBeforeIsForgotten()
    {
        Assert.False(IsToGo(Start + Ms(50), Start));
        Assert.False(IsToGo(Start + Ms(500), Start + Ms(400)));
        Assert.False(IsToGo(Start + Ms(600), Start + Ms(500)));
        Assert.True(IsToGo(Start + Ms(681), Start + Ms(581)));
    }

    [Fact]
    public void APriorityIsJudgedByItsOwnWaits()
    {
        Assert.False(IsToGo(Start + Ms(50), Start));
        Assert.False(IsToGo(Start + Ms(140), Start + Ms(90)));
        Assert.False(IsToGo(Start + Ms(231), Start + Ms(180), priority: 6));
        Assert.True(IsToGo(Start + Ms(231), Start + Ms(180)));
    }

    private static Duration Ms(int milliseconds) => Duration.FromMilliseconds(milliseconds);

    /// <summary>A packet with 200 ms from when it came, and with no hop after this one.</summary>
    private bool IsToGo(MonoTime now, MonoTime came, byte priority = 2)
    {
        var packet = _pool.TryRent(100)!;
        (packet.Priority, packet.HeldSince, packet.Deadline) = (priority, came, came + Ms(200));
        var isToGo = _watch.IsToGo(now, packet, Way);
        _pool.Return(packet);
        return isToGo;
    }
}
