namespace WeCan.Contracts.Tests;

public sealed class MonoTimeTests
{
    private static readonly MonoTime[] Times =
    [
        MonoTime.Never, MonoTime.Zero, new(1), new(-1), new(4_600), new(long.MaxValue - 1), new(long.MinValue),
    ];

    private static readonly Duration[] Durations =
    [
        Duration.Zero, new(1), new(-1), Duration.FromSeconds(30), Duration.MaxValue, new(long.MinValue),
    ];

    [Fact]
    public void Never_stays_never_whatever_is_added()
    {
        foreach (var duration in Durations)
        {
            Assert.Equal(MonoTime.Never, MonoTime.Never + duration);
            Assert.Equal(MonoTime.Never, MonoTime.Never - duration);
        }
    }

    [Fact]
    public void Adding_never_wraps()
    {
        foreach (var time in Times)
        {
            foreach (var duration in Durations)
            {
                var isForward = duration >= Duration.Zero;
                Assert.True(time.IsNever || (isForward ? time + duration >= time : time + duration <= time));
                Assert.True(time.IsNever || (isForward ? time - duration <= time : time - duration >= time));
            }
        }
    }

    [Fact]
    public void A_deadline_too_far_away_is_never()
    {
        Assert.True((new MonoTime(1) + Duration.MaxValue).IsNever);
        Assert.True((new MonoTime(long.MaxValue - 1) + new Duration(1)).IsNever);
        Assert.False((MonoTime.Zero + new Duration(long.MaxValue - 1)).IsNever);
    }

    [Fact]
    public void Until_never_is_the_longest_duration_from_wherever()
    {
        foreach (var time in Times.Where(time => !time.IsNever))
            Assert.Equal(Duration.MaxValue, MonoTime.Never - time);
        Assert.Equal(Duration.Zero, MonoTime.Never - MonoTime.Never);
        Assert.True(new MonoTime(-5) - MonoTime.Never < Duration.Zero);
    }

    [Fact]
    public void Differences_and_sums_undo_each_other()
    {
        var start = MonoTime.FromSeconds(1.5);
        var end = MonoTime.FromMilliseconds(4_600);
        Assert.Equal(Duration.FromMilliseconds(3_100), end - start);
        Assert.Equal(end, start + (end - start));
        Assert.Equal(start, end - (end - start));
        Assert.Equal(-(end - start), start - end);
    }

    [Fact]
    public void Never_is_later_than_every_time_and_zero_is_the_default()
    {
        foreach (var time in Times)
        {
            Assert.True(time <= MonoTime.Never && MonoTime.Never >= time);
            Assert.Equal(time, MonoTime.Min(time, MonoTime.Never));
            Assert.Equal(MonoTime.Never, MonoTime.Max(MonoTime.Never, time));
            Assert.Equal(time.IsNever ? 0 : -1, time.CompareTo(MonoTime.Never));
        }

        Assert.Equal(MonoTime.Zero, default);
        Assert.False(MonoTime.Zero.IsNever);
        Assert.True(MonoTime.Zero < new MonoTime(1) && new MonoTime(1) > MonoTime.Zero);
    }

    [Fact]
    public void Units_convert_without_losing_a_nanosecond()
    {
        for (var i = -2_000; i < 2_000; i++)
            Assert.Equal(i * 1_000_000L, MonoTime.FromSeconds(i / 1000.0).Nanoseconds);
        Assert.Equal(7, new MonoTime(7_999).Microseconds);
        Assert.Equal(MonoTime.Never, MonoTime.FromMilliseconds(long.MaxValue));
    }

    [Fact]
    public void Its_text_tells_never_from_a_time()
    {
        Assert.Equal("never", MonoTime.Never.ToString());
        Assert.Equal("t1.500000", MonoTime.FromSeconds(1.5).ToString());
    }
}
