using WeCan.Simulation.World;

namespace WeCan.Simulation.Tests.Failover;

/// <summary>
/// failover.wan, whole: links die silently and turn bad, with the controller and without. A short form of <c>bench failover</c>; the same
/// seeds give the same figures.
/// </summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    public void A_death_costs_a_flow_little_and_its_healing_nothing(int seed, bool hasController)
    {
        var result = FailoverRun.Execute(seed, hasController, paths: 1);
        Assert.Equal(0, result.SignalWrong);
        Assert.InRange(result.LostByDeath, 40, 120);
        Assert.Equal(0, result.LostByHealing);
        Assert.InRange(result.WorstSecond, 0, 0.01);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_flow_over_two_ways_loses_nothing_when_one_dies(int seed, bool hasController)
    {
        var result = FailoverRun.Execute(seed, hasController, paths: 2);
        Assert.Equal(0, result.SignalWrong);
        Assert.Equal(0, result.LostByDeath + result.LostByHealing);
    }
}
