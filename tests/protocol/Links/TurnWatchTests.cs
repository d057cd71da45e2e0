using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>Who is held back by others' turns is told from who paces himself (docs/decisions/0009).</summary>
public sealed class TurnWatchTests
{
    private const int Bytes = 1_400;

    private static readonly Bandwidth Wanted = Bandwidth.FromMegabitsPerSecond(8);

    /// <summary>A turn as often as the line allows, for which the link waits all the time or only the last moment.</summary>
    [Theory]
    [InlineData(4, true, true)]
    [InlineData(7.5, true, true)]
    [InlineData(8.5, true, false)]
    [InlineData(16, true, false)]
    [InlineData(4, false, false)]
    [InlineData(1, false, false)]
    public void Fewer_turns_than_wanted_and_waited_for_are_too_few(double megabits, bool waitsAlways, bool expected)
    {
        var watch = default(TurnWatch);
        var (now, behind) = (MonoTime.FromSeconds(10), 0);
        var gap = Bandwidth.FromMegabitsPerSecond(megabits).TimeFor(Bytes);
        for (var turn = 0; turn < 1_000; turn++)
        {
            var since = waitsAlways ? now : now + gap - Duration.FromMicroseconds(300);
            now += gap;
            behind += watch.IsBehind(now, since, Wanted) ? 1 : 0;
            watch.OnSent(Bytes, Wanted);
        }

        Assert.Equal(expected, behind > 450);
        Assert.True(expected || behind <= 1, $"{behind} turns were late");
    }

    [Fact]
    public void One_long_wait_shows_and_is_forgotten_after_it()
    {
        var watch = default(TurnWatch);
        var now = MonoTime.FromSeconds(10);
        Assert.False(watch.IsBehind(now, now, Wanted));
        watch.OnSent(Bytes, Wanted);
        now += Duration.FromMilliseconds(50);
        Assert.True(watch.IsBehind(now, now - Duration.FromMilliseconds(40), Wanted));
        watch.OnSent(Bytes, Wanted);
        now += Wanted.TimeFor(Bytes);
        Assert.False(watch.IsBehind(now, now - Wanted.TimeFor(Bytes), Wanted));
    }
}
