using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Traffic;
using WeCan.Contracts.Inspection;
using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.History.Recording;
using WeCan.Controller.Inspection;
using WeCan.Controller.Tests.Core;

namespace WeCan.Controller.Tests.History;

/// <summary>What nodes tell of their traffic: both ends' words make one point; bandwidth is paid for by five minutes.</summary>
public sealed class TrafficTests : RoutedParties, IDisposable
{
    private const long Start = 1_800_000_000;

    private readonly TemporaryFolder _folder = TemporaryFolder.InMemory();
    private readonly TrafficRecorder _recorder = new(HistoryLimits.Pairs);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_both_ends_tell_of_a_pair_comes_together_with_what_the_way_saves()
    {
        Triangle();
        Tell(2);
        Tell(1, sent: [new(new(2), 1_000, 990, Duration.FromMilliseconds(23))]);
        Tell(2, received: [new(new(1), 995, 980, 6, 970)]);
        var points = Close();
        var quality = Quality(points[SeriesKey.Quality(new(1), new(2))]);
        Assert.Equal((1_000, 990, 995, 980, 6, 970), (quality.Offered, quality.Sent, quality.Expected, quality.InTime, quality.Late, quality.Delivered));
        Assert.Equal((980 / 985.0, 970 / 995.0), (quality.NetworkShare, quality.EndToEndShare));

        // By node 3 it is 20 ms and what a relay takes; straight it is 50 ms.
        Assert.Equal((20.1, 50.0), (quality.WayMs!.Value, quality.DirectMs!.Value));
        Assert.Equal(29.9, quality.GainMs!.Value, 6);
        Assert.Equal(23, quality.DelayMaxMs);
        Assert.Equal(Convert.ToHexString(PointTests.Write(points[SeriesKey.Quality(new(1), new(2))])), Convert.ToHexString(PointTests.Write(points[SeriesKey.Network])));
    }

    [Fact]
    public void What_the_destination_does_not_tell_is_not_judged()
    {
        Triangle();
        Tell(1, sent: [new(new(2), 100, 100, Duration.Zero)]);
        Tell(3, received: [new(new(2), 50, 49, 0, 40)]);
        var points = Close();
        var (silent, told) = (Quality(points[SeriesKey.Quality(new(1), new(2))]), Quality(points[SeriesKey.Quality(new(2), new(3))]));
        Assert.Equal((100, null, null), (silent.Sent, silent.NetworkShare, silent.EndToEndShare));
        Assert.Equal((0.98, 0.8), (told.NetworkShare, told.EndToEndShare));
    }

    [Fact]
    public void Strangers_and_oneself_are_no_pair_and_there_is_room_for_so_many()
    {
        Triangle();
        Tell(1, sent: [new(new(1), 1, 1, default), new(new(77), 1, 1, default)], received: [new(new(1), 1, 1, 0, 1), new(new(99), 1, 1, 0, 1)]);
        Assert.Equal([SeriesKey.Traffic(new(1))], Close().Keys);

        var small = new TrafficRecorder(1);
        small.Take(new(1), new() { Sent = [new(new(2), 5, 5, default), new(new(3), 7, 7, default)] }, Core.History, Core.Routing);
        var points = new Dictionary<SeriesKey, HistoryPoint>();
        small.Close(points);
        Assert.Equal((3, 1, 12), (points.Count, small.TakeDropped(), points[SeriesKey.Network][QualityTallies.Sent].Total));
    }

    [Fact]
    public void A_session_takes_such_words_and_ends_where_there_are_too_many()
    {
        Triangle();
        var session = Parties[1].Session;
        Core.HandleBytes(Now, session, new NodeTrafficMessage { Sent = [new(new(2), 1, 1, default)] }.ToFrame());
        Assert.Null(session.End);
        for (var i = 0; i < ControlLimits.MaxReportsPerSecond; i++)
            Core.HandleBytes(Now, session, new NodeTrafficMessage().ToFrame());
        Assert.Equal(GoodbyeReason.TooMuch, session.End!.Reason);
    }

    [Fact]
    public void Five_minutes_are_what_is_paid_for_whatever_resolution_is_asked_for()
    {
        using var files = HistoryFiles.Open(new(_folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));
        var keeper = new HistoryKeeper(files, new(), why => Assert.Fail(why));
        var random = new Random(3);
        var oracle = new Dictionary<long, long>();
        var end = Start + (30 * 3_600);
        for (var slot = Start; slot < end; slot += 10)
        {
            // A day's course with a storm of ten minutes, which is no more than a twentieth of the time.
            var bytes = (slot - Start is > 20_000 and < 20_600 ? 500_000_000L : 5_000_000) + random.NextInt64(2_000_000);
            oracle[slot - (slot % 300)] = oracle.GetValueOrDefault(slot - (slot % 300)) + bytes;
            var recorder = new TrafficRecorder(1);
            recorder.Take(new(1), new() { Time = Duration.FromSeconds(10), LinkBytesIn = bytes, LinkBytesOut = 2 * bytes, Classes = [default, default, default, new(1, 2, 3, 4, 5, 6)] }, Core.History, Core.Routing);
            var points = new Dictionary<SeriesKey, HistoryPoint>();
            recorder.Close(points);
            keeper.Keep(new(slot, slot + 10, points, []));
        }

        var rates = oracle.Values.Select(bytes => bytes * 8 / 300).Order().ToList();
        var exact = rates[(int)Math.Ceiling(0.95 * rates.Count) - 1];
        foreach (var (since, step) in ((long, long)[])[(Start, 3_600), (Start, 300), (Start, 86_400)])
        {
            var question = new HistoryQuestion(HistoryLevel.All.Last(level => step % level.Slot == 0), step, since - (since % step), end);
            var report = HistoryReports.Node(new(files, new()), question, new(1, "a"), end);
            Assert.Equal(oracle.Values.Sum(), report.Total!.BytesIn);
            Assert.Equal((rates.Count, rates[^1] / 1_000), (report.Billing!.Intervals, report.Billing.MaxIn / 1_000));
            Assert.InRange(report.Billing.P95In, exact * (1 - (1 / 60.0)), exact * (1 + (1 / 60.0)));
            Assert.InRange(report.Billing.P95Out, 2 * exact * (1 - (1 / 60.0)), 2 * exact * (1 + (1 / 60.0)));
            Assert.InRange(report.Total.PeakOut, 800_000_000, 804_000_000);
            Assert.Equal((4L * 30 * 360, 6L * 30 * 360), (report.Total.Classes[3].BytesOut, report.Total.Classes[3].BytesForwarded));
        }
    }

    [Fact]
    public void The_worst_pairs_come_first_and_those_with_few_packets_last()
    {
        using var files = HistoryFiles.Open(new(_folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));
        var keeper = new HistoryKeeper(files, new(), why => Assert.Fail(why));
        Join(1, 2, 3);
        for (var i = 0; i < 30; i++)
        {
            Tell(1);
            Tell(2);
            Tell(3);
            Tell(1, sent: [new(new(2), 100, 100, default), new(new(3), 100, 100, default)]);
            Tell(2, sent: [new(new(3), 1, 1, default)], received: [new(new(1), 100, 99, 0, 99)]);
            Tell(3, received: [new(new(1), 100, 80, 0, 80), new(new(2), 1, 0, 1, 0)]);
            keeper.Keep(new(Start + (i * 10), Start + (i * 10) + 10, Close(), []));
        }

        var question = new HistoryQuestion(HistoryLevel.All[1], 60, Start, Start + 300);
        var pairs = HistoryReports.Pairs(new(files, new()), question, new Dictionary<ushort, string> { [3] = "edge-c" });
        Assert.Equal("1 3 (edge-c) 0.8, 1 2 0.99, 2 3 (edge-c) 0", string.Join(", ", pairs.Select(pair => $"{pair.From} {pair.To} {pair.Quality.EndToEndShare}")));
        var report = HistoryReports.Quality(new(files, new()), question, null, null, [.. pairs.Take(2)], pairs.Count);
        Assert.Equal((30 * 201, 3, 5), (report.Total!.Offered, report.Pairs, report.Entries.Count));
    }

    private static QualityEntry Quality(HistoryPoint point)
    {
        using var folder = new TemporaryFolder();
        using var files = HistoryFiles.Open(new(folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));
        files.Append(HistoryLevel.Finest, Start, BlockBytes.Make(0, Start, [new(new(SeriesKind.Quality, 1, 2), point)]));
        return HistoryReports.Quality(new(files, new()), new(HistoryLevel.Finest, 10, Start, Start + 10), new(1, ""), new(2, ""), [], 0).Total!;
    }

    private void Tell(int node, IReadOnlyList<PairSent>? sent = null, IReadOnlyList<PairReceived>? received = null) =>
        _recorder.Take(new((ushort)node), new() { Time = Duration.FromSeconds(10), Sent = sent ?? [], Received = received ?? [] }, Core.History, Core.Routing);

    private Dictionary<SeriesKey, HistoryPoint> Close()
    {
        var points = new Dictionary<SeriesKey, HistoryPoint>();
        _recorder.Close(points);
        return points;
    }
}
