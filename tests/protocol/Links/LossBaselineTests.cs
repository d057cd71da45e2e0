using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

public sealed class LossBaselineTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Loss_as_high_as_ever_is_chance_and_much_more_is_not(double share)
    {
        var baseline = default(LossBaseline);
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
            baseline.Add(1, random.NextDouble() < share ? 1 : 0);
        Assert.InRange(baseline.Share, share * 0.7, share * 1.3);
        Assert.False(baseline.IsExceededBy((int)(500 * share * 1.2), 500));
        Assert.True(baseline.IsExceededBy((int)(500 * ((share * 2) + 0.2)), 500));
    }

    [Fact]
    public void A_path_that_has_got_better_is_believed_soon()
    {
        var baseline = default(LossBaseline);
        baseline.Add(2_000, 600);
        for (var i = 0; i < 6_000; i++)
            baseline.Add(1, 0);
        Assert.InRange(baseline.Share, 0, 0.05);
    }

    [Fact]
    public void A_few_packets_say_nothing()
    {
        var baseline = default(LossBaseline);
        baseline.Add(20, 10);
        Assert.Equal(0, baseline.Share);
        Assert.False(baseline.IsExceededBy(2, 4));
    }
}
