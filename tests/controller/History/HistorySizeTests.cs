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
