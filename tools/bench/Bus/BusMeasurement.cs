namespace WeCan.Bench.Bus;

/// <summary>One case, by an edge as it ships and by nats-server, in turns; what is told are medians.</summary>
internal static class BusMeasurement
{
    public static BusCase Measure(BusEdge edge, BusJob job)
    {
        using var server = new NatsServer(job.IsSealed);
        using var ours = new BusPair(edge, job);
        using var theirs = new BusPair(server, job);
        ours.WarmUp();
        theirs.WarmUp();
        var (oursOfAll, theirsOfAll, ratios) = (new List<BusFigures>(), new List<BusFigures>(), new List<double>());
        for (var round = 0; round < BusLimits.Rounds; round++)
        {
            oursOfAll.Add(ours.Measure());
            theirsOfAll.Add(theirs.Measure());
            ratios.Add(job.Ratio(oursOfAll[^1], theirsOfAll[^1]));
        }

        return new(job.Name, BusFigures.MedianOf(oursOfAll), BusFigures.MedianOf(theirsOfAll), ratios.Order().ElementAt(ratios.Count / 2));
    }
}
