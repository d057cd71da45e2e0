using WeCan.Lab.Flows;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Tests.Flows;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void SharesAreWithinAThirtySecondOfTheTruth()
    {
        var histogram = new LatencyHistogram();
        for (var i = 1; i <= 100_000; i++)
            histogram.Add(i * 1_000L);
        foreach (var share in new[] { 0.01, 0.5, 0.9, 0.99, 0.999 })
            Assert.InRange(histogram.MillisecondsAt(share), 100 * share, 100 * share * 33 / 32);
        Assert.Equal(100, histogram.MillisecondsAt(1));
        Assert.Equal(100_000_000, histogram.MaxNanoseconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(long.MaxValue)]
    public void OneValueIsItself(long nanoseconds)
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.MillisecondsAt(0.5));
        histogram.Add(nanoseconds);
        Assert.Equal(nanoseconds / 1e6, histogram.MillisecondsAt(0.5));
    }
}
