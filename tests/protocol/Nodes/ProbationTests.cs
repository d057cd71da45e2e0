using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>How long the link after a death must live before it is relied on.</summary>
public sealed class ProbationTests
{
    private static readonly MonoTime Start = MonoTime.FromSeconds(1_000);

    [Fact]
    public void The_first_link_is_proven_at_once_and_the_one_after_a_death_is_not()
    {
        var probation = default(Probation);
        Assert.Equal(Start, probation.ProvenAt(Start));
        probation.OnDeath(Start, Start);
        Assert.Equal(Start + NodeLimits.FirstProbation, probation.ProvenAt(Start));
    }

    [Fact]
    public void Flapping_makes_it_longer_up_to_a_bound()
    {
        var probation = default(Probation);
        var now = Start;
        var before = Duration.Zero;
        for (var death = 0; death < 100; death++)
        {
            probation.OnDeath(now, now);
            var wait = probation.ProvenAt(now) - now;
            Assert.True(wait > before || wait == NodeLimits.LongestProbation, $"death {death}: {wait} after {before}");
            before = wait;
            now += wait;
        }

        Assert.Equal(NodeLimits.LongestProbation, before);
    }

    [Fact]
    public void A_long_life_makes_up_for_the_deaths_before()
    {
        var probation = default(Probation);
        for (var death = 0; death < 5; death++)
            probation.OnDeath(Start, Start);
        var proven = probation.ProvenAt(Start);
        var now = proven + NodeLimits.ForgivenAfter;
        probation.OnDeath(now, proven);
        Assert.Equal(NodeLimits.FirstProbation, probation.ProvenAt(now) - now);
    }
}
