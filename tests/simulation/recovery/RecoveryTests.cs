using WeCan.Simulation.Recovery;

namespace WeCan.Simulation.Tests.Recovery;

/// <summary>
/// What a Realtime flow misses over bad paths and what repair costs there, from a cold start: a short form of
/// <c>bench recovery</c>, with room for what few packets leave to chance. The same seeds give the same figures.
/// </summary>
public sealed class RecoveryTests
{
    private const int Seeds = 2;
    private const int Seconds = 20;

    [Theory]
    [InlineData("random_5", 0.03, 1.20)]
    [InlineData("random_10", 0.06, 1.36)]
    [InlineData("burst_5", 0.20, 1.30)]
    [InlineData("random_5_tight", 0.25, 1.50)]
    [InlineData("two_hops_5", 0.01, 1.15)]
    [InlineData("clean", 0, 1.06)]
    [InlineData("jitter_2ms", 0, 1.06)]
    [InlineData("reorder_3", 0, 1.06)]
    [InlineData("far_thin_02", 0.03, 1.24)]
    [InlineData("far_thin_2", 0.1, 1.42)]
    [InlineData("far_then_near", 0.2, 1.30)]
    [InlineData("far_twice_5", 0.12, 1.28)]
    public void Little_is_missed_and_little_is_spent(string name, double mostMissedPercent, double mostWire)
    {
        var one = RecoveryCase.All.First(one => one.Name == name);
        var results = Enumerable.Range(1, Seeds).Select(seed => RecoveryRun.Execute(one, (ulong)seed, Seconds)).ToList();
        var missed = 100.0 * results.Sum(result => result.Missed) / results.Sum(result => result.Sent);
        Assert.True(missed <= mostMissedPercent, $"{name}: {missed:0.000} % missed");
        Assert.All(results, result => Assert.True(result.Wire <= mostWire, $"{name}: wire {result.Wire:0.000}"));
    }
}
