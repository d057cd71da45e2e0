using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>Section 5.4 of docs/wire-format.md: what a receiver knows of a sender's clock is true, and does not get worse by worse samples.</summary>
public sealed class ClockOffsetTests
{
    private static readonly MonoTime Start = MonoTime.FromSeconds(10_000);

    /// <summary>
    /// Delays, queues, drifts and distances of clocks at random: the difference never lies beyond the error that is told,
    /// and that stays near half the smallest round trip while two seconds of each ten are spent behind a queue.
    /// </summary>
    [Theory]
    [InlineData(1, -250)]
    [InlineData(2, 0)]
    [InlineData(3, 250)]
    [InlineData(4, 400)]
    public void The_estimate_is_right_to_within_the_error_that_it_tells(int seed, int driftPerMillion)
    {
        var random = new Random(seed);
        var clock = new ClockOffset();
        var apart = random.NextInt64(1L << 40);
        for (var step = 0; step < 20_000; step++)
        {
            var at = Start + Duration.FromMilliseconds(step * 20);
            var isQueued = step % 500 > 400;
            var forth = Duration.FromMilliseconds(15 + (random.NextDouble() * 10) + (isQueued ? 300 : 0));
            var back = Duration.FromMilliseconds(5 + (random.NextDouble() * 10) + (isQueued ? 100 : 0));
            var sent = Theirs(at - back, apart, driftPerMillion);
            if (random.Next(8) == 0)
                clock.OnRoundTrip(at, sent, forth + back);
            else
                clock.OnTime(at, sent);
            if (!clock.IsKnown)
                continue;

            var deadline = clock.ToLocal(Theirs(at + Duration.FromMilliseconds(50), apart, driftPerMillion), at, MonoTime.Never);
            var error = deadline - (at + Duration.FromMilliseconds(50));
            Assert.InRange(Math.Abs(error.Milliseconds), 0, clock.Error(at).Milliseconds + 0.06);
            Assert.True(step < 100 || clock.Error(at) < Duration.FromMilliseconds(18), $"{clock.Error(at)} of error at step {step}");
        }
    }

    [Fact]
    public void A_clock_that_jumped_is_learnt_anew_from_the_next_round_trip()
    {
        foreach (var jump in new[] { -3_000_000_000L, 3_000_000_000L })
        {
            var clock = new ClockOffset();
            clock.OnRoundTrip(Start, Theirs(Start - Duration.FromMilliseconds(10), 0, 0), Duration.FromMilliseconds(20));
            var later = Start + Duration.FromSeconds(1);
            clock.OnRoundTrip(later, Theirs(later - Duration.FromMilliseconds(10), jump, 0), Duration.FromMilliseconds(20));

            var deadline = clock.ToLocal(Theirs(later, jump, 0), later, MonoTime.Never);
            Assert.InRange((deadline - later).Milliseconds, -0.1, 0.1);
        }
    }

    [Fact]
    public void Without_a_round_trip_a_deadline_gets_the_benefit_of_the_doubt()
    {
        var clock = new ClockOffset();
        clock.OnTime(Start, 5);

        Assert.False(clock.IsKnown);
        Assert.Equal(MonoTime.Never, clock.ToLocal(5, Start, MonoTime.Never));
    }

    private static uint Theirs(MonoTime at, long apartNanoseconds, long driftPerMillion) =>
        ClockOffset.ToWire(at + new Duration(apartNanoseconds + ((at - Start).Nanoseconds * driftPerMillion / 1_000_000)));
}
