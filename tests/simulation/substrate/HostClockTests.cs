using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Substrate;

public sealed class HostClockTests
{
    [Fact]
    public void OffsetAndDriftShow()
    {
        var fast = new HostClock(Duration.FromSeconds(3_600), 100);
        Assert.Equal(3_600_000_000_000, fast.ToLocal(MonoTime.Zero).Nanoseconds);
        Assert.Equal(Duration.FromNanoseconds(1_000_100_000), fast.ToLocal(MonoTime.FromSeconds(1)) - fast.ToLocal(MonoTime.Zero));
        var slow = new HostClock(Duration.Zero, -250.5);
        Assert.Equal(MonoTime.FromSeconds(1_000).Nanoseconds - 250_500_000, slow.ToLocal(MonoTime.FromSeconds(1_000)).Nanoseconds);
        Assert.Equal(MonoTime.Never, slow.ToLocal(MonoTime.Never));
        Assert.Equal(MonoTime.Never, slow.ToTrue(MonoTime.Never));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.001)]
    [InlineData(50)]
    [InlineData(-50)]
    [InlineData(99_999.5)]
    [InlineData(-100_000)]
    public void ATimerFiresAtTheFirstMomentThatIsNotEarly(double drift)
    {
        var random = new WanRandom(1);
        for (var i = 0; i < 50_000; i++)
        {
            var clock = new HostClock(Duration.FromNanoseconds(((long)random.Next(int.MaxValue) - 1_000_000_000) * 20_000), drift);
            var local = new MonoTime((long)(random.NextUInt64() >> (4 + random.Next(55))));
            var time = clock.ToTrue(local);
            Assert.True(clock.ToLocal(time) >= local);
            Assert.True(clock.ToLocal(new(time.Nanoseconds - 1)) < local);
        }
    }

    [Fact]
    public void ItNeverRunsBackwards()
    {
        var clock = new HostClock(Duration.Zero, -100_000);
        var last = clock.ToLocal(new(-1_000));
        for (var time = -999L; time < 1_000; time++)
        {
            var next = clock.ToLocal(new(time));
            Assert.True(next >= last);
            last = next;
        }
    }

    [Fact]
    public void TimesBeyondAllSenseDoNoHarm()
    {
        var clock = new HostClock(Duration.FromSeconds(5), 50);
        Assert.Equal(MonoTime.Never, clock.ToTrue(new(long.MaxValue - 1)));
        Assert.True(clock.ToTrue(new(long.MinValue)) < MonoTime.Zero);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HostClock(Duration.Zero, double.NaN));
    }
}
