using WeCan.Simulation.Overload;

namespace WeCan.Simulation.Tests.Overload;

/// <summary>More Realtime than a link carries, of which no node is told the rate: what there is room for arrives in time (docs/decisions/0026).</summary>
public sealed class OverloadTests
{
    private static readonly OverloadFlow[] TwoPriorities = [new(2, 0.75), new(6, 0.75)];

    [Fact]
    public void The_higher_priority_loses_nothing_and_the_lower_gets_the_rest()
    {
        foreach (var result in OfSeeds(10, TwoPriorities))
            Check(result, hasHigher: true);
    }

    [Theory]
    [InlineData(1.2)]
    [InlineData(3)]
    public void One_priority_fills_the_link(double load)
    {
        foreach (var result in OfSeeds(3, new OverloadFlow(4, load)))
            Check(result, hasHigher: false);
    }

    [Theory]
    [InlineData(5, 40, 0)]
    [InlineData(100, 80, 0)]
    [InlineData(20, 40, 2)]
    public void So_it_is_on_other_links(double rateMbps, double roundTripMs, double lossPercent)
    {
        var path = new OverloadPath { RateMbps = rateMbps, RoundTripMs = roundTripMs, LossPercent = lossPercent };
        Check(OverloadRun.Execute(path, TwoPriorities, seed: 1), hasHigher: true);
    }

    /// <summary>The narrow hop is a relay's, or knows nothing of the longer one after it.</summary>
    [Theory]
    [InlineData(40, true)]
    [InlineData(80, false)]
    public void A_hop_leaves_time_for_the_others(double secondRoundTripMs, bool isSecondNarrow)
    {
        var path = new OverloadPath { SecondRoundTripMs = secondRoundTripMs, IsSecondNarrow = isSecondNarrow };
        Check(OverloadRun.Execute(path, TwoPriorities, seed: 1), hasHigher: true);
    }

    /// <summary>The bottleneck itself drops what its queue does not hold.</summary>
    [Fact]
    public void A_short_queue_costs_the_lower_priority_only()
    {
        var result = OverloadRun.Execute(new() { QueueMs = 30 }, TwoPriorities, seed: 1);
        Assert.True(result.Used > 0.8 && result.InTime[1] > 0.99, Text(result));
    }

    [Fact]
    public void Where_there_is_room_nothing_is_let_go()
    {
        var result = OverloadRun.Execute(new(), [new(2, 0.3), new(6, 0.5)], seed: 1);
        Assert.True(result is { InTime: [1, 1], QueueP99Ms: < 3, Uncounted: 0 }, Text(result));
    }

    private static OverloadResult[] OfSeeds(int seeds, params OverloadFlow[] flows) =>
        [.. Enumerable.Range(1, seeds).Select(seed => OverloadRun.Execute(new(), flows, (ulong)seed))];

    private static void Check(OverloadResult result, bool hasHigher)
    {
        Assert.True(result.Used > 0.95, Text(result));
        Assert.True(!hasHigher || result.InTime[^1] > 0.999, Text(result));
        Assert.True(result is { QueueP50Ms: < 15, QueueP99Ms: < 80 }, Text(result));
        Assert.True(result.Uncounted <= 0, Text(result));
    }

    private static string Text(OverloadResult result) => $"{string.Join(" and ", result.InTime)} in time: {result}";
}
