using WeCan.Contracts;
using WeCan.Protocol.Repair;

namespace WeCan.Protocol.Tests.Repair;

/// <summary>Docs/decisions/0047: what strains a link is runs that are too long for its repair, and nothing else.</summary>
public sealed class RepairReachTests
{
    private static readonly RepairConditions Link = new(Duration.FromMilliseconds(95), Duration.FromMilliseconds(41), Duration.FromMilliseconds(1), Loss: 0.15, Burst: 4);

    [Theory]
    [InlineData(0.15, 4, 117, true, "bursts, and twenty milliseconds for a repair")]
    [InlineData(0.05, 5, 117, true, "fewer, and longer ones")]
    [InlineData(0.15, 4, 190, false, "as many, and a hundred milliseconds")]
    [InlineData(0.15, 1.2, 117, false, "as much, one by one")]
    [InlineData(0.3, 1.43, 117, false, "twice as much, one by one")]
    [InlineData(0.02, 1.02, 47, false, "few, one by one, and no time for a repair that answers")]
    [InlineData(0.05, 4, 47, true, "bursts, and no time for a repair that answers")]
    [InlineData(0.001, 4, 117, false, "a burst in four seconds")]
    public void Runs_that_outlast_repair_strain_a_link(double loss, double burst, int milliseconds, bool isShort, string what) =>
        Assert.True(isShort == IsShort(Link with { Loss = loss, Burst = burst }, milliseconds), what);

    [Theory]
    [InlineData(0.15, 4, true)]
    [InlineData(0.1, 1.11, false)]
    public void A_thin_flow_is_judged_by_the_repairs_that_a_loss_gets(double loss, double burst, bool isShort)
    {
        var thin = Link with { PacketGap = Duration.FromMilliseconds(20), Loss = loss, Burst = burst };
        Assert.Equal(isShort, IsShort(thin, 117));
    }

    /// <summary>What the packets that may be lost in a row are is told as well by how often a longer run comes.</summary>
    [Fact]
    public void Runs_longer_than_what_is_needed_come_as_often_as_is_borne()
    {
        foreach (var burst in new[] { 1.05, 1.5, 4, 20 })
        {
            var conditions = Link with { Burst = burst };
            var runs = conditions.Loss / burst * 1_000;
            Assert.Equal(RepairLimits.OutrunsAtMost, runs * Math.Pow(1 - (1 / burst), RepairReach.Needed(conditions)), 1e-9);
        }

        Assert.Equal(0, RepairReach.Needed(Link with { Burst = 1 }));
        Assert.True(RepairReach.Needed(Link with { Loss = 0.0001 }) < 0);
        Assert.True(RepairReach.Needed(Link with { Loss = 0 }) < 0);
    }

    [Fact]
    public void A_few_runs_are_no_evidence_and_the_guess_is_none()
    {
        var estimate = default(LossEstimate);
        estimate.OnArrived();
        Assert.True(estimate.Runs < RepairLimits.LeastRuns);
        Lose(ref estimate, 100, 13);
        Assert.True(estimate.Runs < RepairLimits.LeastRuns);
        Lose(ref estimate, 200, 13);
        Assert.True(estimate.Runs >= RepairLimits.LeastRuns);

        static void Lose(ref LossEstimate estimate, ulong first, int count)
        {
            for (var i = 0; i < count; i++)
                estimate.OnLost(first + (ulong)i);
        }
    }

    private static bool IsShort(in RepairConditions conditions, int milliseconds) =>
        RepairReach.IsShort(RepairReach.Needed(conditions), conditions, Duration.FromMilliseconds(milliseconds));
}
