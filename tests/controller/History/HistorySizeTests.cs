using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.History.Recording;

namespace WeCan.Controller.Tests.History;

/// <summary>What a point takes on disk: docs/decisions/0046 reckons with these.</summary>
public sealed class HistorySizeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(10, 10, 90)]
    [InlineData(60, 10, 100)]
    [InlineData(3_600, 10, 110)]
    public void A_link_that_is_used_takes_no_more_than_is_reckoned_with(int seconds, int keys, int most)
    {
        var random = new Random(seconds);
        var points = new Dictionary<SeriesKey, HistoryPoint>();
        for (var key = 1; key <= keys; key++)
        {
            var point = points[new(SeriesKind.Link, (ushort)key, 1)] = new(SeriesKind.Link);
            for (var second = 0; second < seconds; second++)
                LinkTrack.Add(point, Draw(random), 1_000);
        }

        var each = BlockBytes.Make(0, 0, points).Length / keys;
        output.WriteLine($"{each} bytes for {seconds} s");
        Assert.InRange(each, 1, most);
    }

    [Fact]
    public void Traffic_and_quality_take_no_more_than_is_reckoned_with()
    {
        var random = new Random(1);
        var node = new HistoryPoint(SeriesKind.Traffic);
        var pair = new HistoryPoint(SeriesKind.Quality);
        for (var which = 0; which < node.Count; which++)
        {
            if (node[which].Kind == TallyKind.Total)
                node[which].Add(random.Next(100_000_000));
            else
                node[which].Add(random.Next(100_000), 1);
        }

        for (var which = 0; which < pair.Count; which++)
        {
            for (var times = 0; times < 6; times++)
            {
                if (pair[which].Kind == TallyKind.Total)
                    pair[which].Add(random.Next(500));
                else
                    pair[which].Add(40_000 + random.Next(3_000), 500);
            }
        }

        var bytes = BlockBytes.Make(0, 0, [new(new(SeriesKind.Traffic, 1, 0), node)]).Length - BlockHead.Bytes;
        output.WriteLine($"{bytes} bytes of traffic");
        Assert.InRange(bytes, 1, 190);
        bytes = BlockBytes.Make(0, 0, [new(new(SeriesKind.Quality, 1, 2), pair)]).Length - BlockHead.Bytes;
        output.WriteLine($"{bytes} bytes of quality");
        Assert.InRange(bytes, 1, 100);
    }

    [Fact]
    public void A_look_at_a_link_takes_no_more_than_is_reckoned_with()
    {
        var point = new HistoryPoint(SeriesKind.Link);
        LinkTrack.Add(point, Draw(new(1)) with { Used = Bandwidth.Zero }, HistoryLimits.LookWeight.Nanoseconds / 1_000_000);
        var bytes = BlockBytes.Make(0, 0, [new(new(SeriesKind.Link, 1, 2), point)]).Length - BlockHead.Bytes;
        output.WriteLine($"{bytes} bytes");
        Assert.InRange(bytes, 1, 70);
    }

    private static LinkReport Draw(Random random) => new(new(2), LinkState.Proven)
    {
        Rtt = Duration.FromMicroseconds(80_000 + random.Next(4_000)),
        Jitter = Duration.FromMicroseconds(300 + random.Next(500)),
        LossTo = (uint)random.Next(20_000),
        Used = new(1_000_000L + random.Next(20_000_000)),
        Bandwidth = new(95_000_000L + random.Next(10_000_000)),
    };
}
