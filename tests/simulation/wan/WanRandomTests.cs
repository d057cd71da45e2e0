using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class WanRandomTests
{
    [Fact]
    public void TheSameSeedGivesTheSameNumbersOnEveryMachine()
    {
        var random = new WanRandom(42);
        Assert.Equal(1546998764402558742UL, random.NextUInt64());
        Assert.Equal(6990951692964543102UL, random.NextUInt64());
        Assert.Equal(12544586762248559009UL, random.NextUInt64());
    }

    [Fact]
    public void UniformFillsItsRangeEvenly()
    {
        var random = new WanRandom(1);
        var buckets = new int[10];
        for (var i = 0; i < 100_000; i++)
            buckets[(int)(random.Uniform() * 10)]++;
        Assert.All(buckets, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(int.MaxValue)]
    public void NextStaysBelowItsBoundAndReachesItsEnds(int bound)
    {
        var random = new WanRandom(7);
        var lowest = int.MaxValue;
        var highest = -1;
        for (var i = 0; i < 1_000; i++)
        {
            var value = random.Next(bound);
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        Assert.InRange(lowest, 0, bound / 100);
        Assert.InRange(highest, bound - 1 - (bound / 100), bound - 1);
    }

    [Fact]
    public void NormalHasItsMeanDeviationAndTails()
    {
        var random = new WanRandom(3);
        double sum = 0, squares = 0;
        var beyondTwo = 0;
        const int Count = 200_000;
        for (var i = 0; i < Count; i++)
        {
            var value = random.Normal();
            sum += value;
            squares += value * value;
            beyondTwo += Math.Abs(value) > 2 ? 1 : 0;
        }

        Assert.InRange(sum / Count, -0.01, 0.01);
        Assert.InRange(squares / Count, 0.98, 1.02);
        Assert.InRange(beyondTwo / (double)Count, 0.044, 0.047);
    }

    [Fact]
    public void TheLogarithmIsRight()
    {
        var random = new WanRandom(5);
        for (var i = 0; i < 10_000; i++)
        {
            var value = Math.ScaleB(random.Uniform() + 1e-9, random.Next(60) - 59);
            var expected = Math.Log(value);
            Assert.InRange(WanRandom.Ln(value), expected - 1e-14, expected + 1e-14);
        }
    }

    [Fact]
    public void DerivedSeedsDiffer()
    {
        var seeds = new HashSet<ulong>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            for (ulong stream = 0; stream < 100; stream++)
                Assert.True(seeds.Add(WanRandom.Derive(seed, stream)));
        }
    }
}
