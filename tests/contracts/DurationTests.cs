using FsCheck;
using FsCheck.Fluent;

namespace WeCan.Contracts.Tests;

public sealed class DurationTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(7, 4_601);

    [Fact]
    public void Arithmetic_is_exact_or_stops_at_the_end()
    {
        var longs = ArbMap.Default.ArbFor<long>();
        var edges = Arb.From(Gen.OneOf(
            longs.Generator,
            Gen.Elements(long.MinValue, long.MinValue + 1, -1, 0, 1, 2, long.MaxValue - 1, long.MaxValue),
            from high in Gen.Choose(int.MinValue, int.MaxValue) select (long)high << 32));
        Prop.ForAll(edges, edges, (left, right) =>
            (new Duration(left) + new Duration(right)).Nanoseconds == Clamp((Int128)left + right)
            && (new Duration(left) - new Duration(right)).Nanoseconds == Clamp((Int128)left - right)
            && (new Duration(left) * right).Nanoseconds == Clamp((Int128)left * right)
            && (-new Duration(left)).Nanoseconds == Clamp(-(Int128)left)).Check(Config);

        static long Clamp(Int128 exact) => (long)Int128.Clamp(exact, long.MinValue, long.MaxValue);
    }

    [Fact]
    public void Units_convert_without_losing_a_nanosecond()
    {
        for (var i = -3_000; i < 3_000; i++)
        {
            Assert.Equal(i * 1_000L, Duration.FromMilliseconds(i / 1000.0).Nanoseconds);
            Assert.Equal(i * 1_000_000L, Duration.FromSeconds(i / 1000.0).Nanoseconds);
            Assert.Equal(i * 1_000L, Duration.FromMicroseconds(i).Nanoseconds);
            Assert.Equal(i, Duration.FromMicroseconds(i).Microseconds);
        }

        Assert.Equal(12.5, Duration.FromMilliseconds(12.5).Milliseconds);
        Assert.Equal(0.0125, Duration.FromMilliseconds(12.5).Seconds);
        Assert.Equal(TimeSpan.FromMilliseconds(12.5), Duration.FromMilliseconds(12.5).ToTimeSpan());
        Assert.Equal(Duration.MaxValue, Duration.FromMicroseconds(long.MaxValue));
        Assert.Equal(Duration.MaxValue, Duration.FromSeconds(double.PositiveInfinity));
    }

    [Fact]
    public void Scaling_by_fractions_and_dividing_keep_the_sign()
    {
        Assert.Equal(new Duration(1_500), new Duration(1_000) * 1.5);
        Assert.Equal(new Duration(-1_500), new Duration(-1_000) * 1.5);
        Assert.Equal(new Duration(333), new Duration(1_000) / 3);
        Assert.Equal(Duration.MaxValue, Duration.MaxValue * 2.0);
    }

    [Fact]
    public void Order_is_that_of_the_lengths()
    {
        var (small, large) = (new Duration(-5), new Duration(3));
        Assert.True(small < large && large > small && small <= large && large >= small && small.CompareTo(large) < 0);
        Assert.False(large < small || small > large || large <= small || small >= large);
        Assert.Equal((small, large), (Duration.Min(large, small), Duration.Max(small, large)));
    }

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(-999, "-999 ns")]
    [InlineData(1_500, "1.5 µs")]
    [InlineData(-2_500_000, "-2.5 ms")]
    [InlineData(30_000_000_000, "30 s")]
    [InlineData(long.MinValue, "-9223372036.855 s")]
    public void Its_text_has_the_unit_that_suits(long nanoseconds, string text) =>
        Assert.Equal(text, new Duration(nanoseconds).ToString());
}
