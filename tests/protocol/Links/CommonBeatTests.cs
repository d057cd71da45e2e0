using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>Quiet links of a node show life together, and none later than it promised.</summary>
public sealed class CommonBeatTests
{
    [Fact]
    public void What_is_brought_forward_is_brought_forward_by_less_than_a_step()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var time = new MonoTime(random.NextInt64(-1L << 45, 1L << 45));
            var common = CommonBeat.NotAfter(time);
            Assert.InRange((time - common).Nanoseconds, 0, CommonBeat.Step.Nanoseconds - 1);
            Assert.Equal(0, common.Nanoseconds % CommonBeat.Step.Nanoseconds);
        }
    }

    [Fact]
    public void Links_that_fall_quiet_at_different_times_show_life_at_the_same_ones()
    {
        var random = new Random(2);
        var start = MonoTime.FromSeconds(100);
        var beats = Enumerable.Range(0, 12).Select(_ => Sent(Fast(start), start + Duration.FromMicroseconds(random.Next(1_000_000)), isQuiet: true)).ToArray();
        var end = start + Duration.FromSeconds(2);
        for (var i = 0; i < beats.Length; i++)
        {
            while (beats[i].NextAt <= end)
                beats[i] = Sent(beats[i], beats[i].NextAt, isQuiet: true);
        }

        Assert.Single(beats.Select(beat => beat.NextAt).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_pause_is_longer_than_promised(bool isQuiet)
    {
        foreach (var promise in (Duration[])[LinkLimits.FastestInterval, LinkLimits.FastInterval, LinkLimits.CandidateInterval, LinkLimits.IdleInterval])
        {
            var random = new Random(3);
            var now = MonoTime.FromSeconds(7);
            var beat = new Heartbeat(now);
            beat.Promise(promise);
            for (var i = 0; i < 1_000; i++)
            {
                beat.OnAnnounced();
                beat.OnSent(now, isQuiet);
                Assert.InRange((beat.NextAt - now).Nanoseconds, 1, promise.Nanoseconds - 1);

                // An acknowledgement may go in between, and a timer be late.
                now = random.Next(4) == 0 ? now + ((beat.NextAt - now) / 3) : beat.NextAt + Duration.FromMicroseconds(random.Next(500));
            }
        }
    }

    [Fact]
    public void Data_is_followed_by_a_whole_pause()
    {
        var now = MonoTime.FromSeconds(100) + Duration.FromMilliseconds(1);
        Assert.Equal(CommonBeat.Step, Sent(Fast(now), now, isQuiet: false).NextAt - now);
    }

    private static Heartbeat Fast(MonoTime now)
    {
        var beat = new Heartbeat(now);
        beat.Promise(LinkLimits.FastInterval);
        beat.OnAnnounced();
        return beat;
    }

    private static Heartbeat Sent(Heartbeat beat, MonoTime at, bool isQuiet)
    {
        beat.OnSent(at, isQuiet);
        return beat;
    }
}
