using System.Threading.Channels;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.History;
using WeCan.Controller.History.Points;
using WeCan.Controller.Inspection;
using WeCan.Controller.Inspection.Quality;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Tests.Core;
using WeCan.Controller.Tests.Service;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>Pairs whose Realtime packets do not come in time are told of, once when it begins and once when it ends, with what is known of why.</summary>
public sealed class QualityWatchTests : RoutedParties, IDisposable
{
    private readonly LineLog _log = new();
    private readonly RouteHistory _routes = new();
    private readonly EventHub _hub = new(Samples.Start);
    private readonly QualityWatch _watch;
    private readonly ChannelReader<EventEntry> _events;

    public QualityWatchTests()
    {
        Called = "node";
        _watch = new(_hub, _routes, _log);
        _events = _hub.Follow(Samples.Start, null, out _)!;
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_link_that_died_is_named_with_the_time_and_with_where_the_pair_went_and_its_end_is_told_with_what_was_missed()
    {
        Triangle();
        Slot((1, 2, 500, 500));
        Assert.Empty(Told());
        Core.HandleBytes(Now, Parties[1].Session, new LinkReportsMessage(false, true, [new(new(3), LinkState.Up)]).ToFrame());
        Run(1);
        var died = Samples.Start + Duration.FromSeconds((long)Seconds - 1);
        Slot((1, 2, 500, 430));
        var low = Assert.Single(Told());
        Assert.Equal(QualityWatch.Low, low.Kind);
        Assert.Equal([1, 2], low.Nodes);
        Assert.StartsWith("86 % of the Realtime packets from 1 (node-1) to 2 (node-2) were in time in the ten seconds from 2027-01-15T08:", low.Text, StringComparison.Ordinal);
        Assert.Contains($", and 70 were not. The link 1 (node-1) to 3 (node-3) cannot be relied on since {died}. It went by 3 (node-3), and goes directly since ", low.Text, StringComparison.Ordinal);

        // As long as it goes on nothing more is said, and one good slot is no end.
        foreach (var inTime in (int[])[100, 499, 480, 500, 500])
        {
            Slot((1, 2, 500, inTime));
            Assert.Empty(Told());
        }

        Slot((1, 2, 500, 500));
        var back = Assert.Single(Told());
        Assert.Equal(QualityWatch.Back, back.Kind);
        Assert.Matches("^Enough of the Realtime packets from 1 .node-1. to 2 .node-2. are in time again, or none are sent: for 40 s too few were, from 2027-.*Z on, at worst 20 %; 491 of 3500 were not.$", back.Text);
        Assert.Equal([low.Text, back.Text], _log.Lines, StringComparer.Ordinal);
    }

    [Fact]
    public void Where_no_link_is_bad_it_says_so_and_what_else_it_may_be()
    {
        Triangle();
        Slot((1, 2, 500, 430));
        Assert.EndsWith("No link of its way is bad by what nodes report by now: it may have been for a moment, or a node was held up (wecan_driver_late_seconds_total). It goes by 3 (node-3), as it did before.", Assert.Single(Told()).Text, StringComparison.Ordinal);

        Parties[3].Links = [Link(1, 20), Link(2, 20) with { LossTo = 47_000 }];
        Say(3);
        Run(0.3);
        Slot((1, 2, 500, 500));
        Slot((3, 2, 500, 430));
        Assert.Contains("The link 3 (node-3) to 2 (node-2) loses 4.7 %. It goes directly, as it did before.", Assert.Single(Told()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_packets_and_what_is_enough_for_the_policy_are_not_told()
    {
        Triangle();
        Slot((1, 2, HistoryLimits.TellingPackets - 1, 0), (2, 1, 1_000, 970));
        Assert.Empty(Told());
        Ask("""{"quality":{"in_time":0.98}}""");
        Slot((2, 1, 1_000, 970));
        Assert.StartsWith("97 %", Assert.Single(Told()).Text, StringComparison.Ordinal);
        Ask("""{"quality":{"in_time":0}}""");
        Slot((1, 3, 1_000, 0));
        Assert.Empty(Told());
    }

    /// <summary>Both ends tell about different moments, so that once is no evidence; and a destination that tells nothing is away, which is told elsewhere.</summary>
    [Fact]
    public void What_leaves_and_never_comes_is_told()
    {
        Triangle();
        for (var slot = 0; slot < 5; slot++)
            Pass(Of(1, 2, offered: 500, sent: 500, expected: 0, inTime: 0));
        Assert.Empty(Told());
        Pass(Of(1, 2, offered: 500, sent: 500, expected: 0, inTime: 0), Heard(2));
        Assert.Empty(Told());
        Pass(Of(1, 2, offered: 500, sent: 500, expected: 0, inTime: 0), Heard(2));
        Assert.StartsWith("0 % of the Realtime packets from 1 (node-1) to 2 (node-2)", Assert.Single(Told()).Text, StringComparison.Ordinal);

        // What the origin let go of is not the network's.
        Pass(Of(2, 1, offered: 500, sent: 300, expected: 500, inTime: 300), Heard(1));
        Assert.Empty(Told());
    }

    [Fact]
    public void Of_many_at_once_the_worst_are_told_and_the_number_of_the_others_and_a_pair_that_shakes_is_told_once()
    {
        Join([.. Enumerable.Range(1, 30)]);
        Slot([.. Enumerable.Range(2, 25).Select(node => (1, node, 500, 100 + node))]);
        var told = Told();
        Assert.Equal(InspectionLimits.QualityTold + 1, told.Count);
        Assert.Equal(Enumerable.Range(2, InspectionLimits.QualityTold), told.SkipLast(1).Select(happened => happened.Nodes[1]));
        Assert.Equal("The same is so of 15 more pairs: \"wecan quality --resolution 10s\" shows the worst.", told[^1].Text);
        for (var slot = 0; slot < InspectionLimits.QualityGoodSlots; slot++)
            Pass();
        Assert.Equal(InspectionLimits.QualityTold, Told().Count(happened => happened.Kind == QualityWatch.Back));
        for (var slot = 0; slot < 100; slot++)
            Slot((1, 2, 500, slot % 3 == 0 ? 400 : 500));
        Assert.Single(Told());
    }

    private void Ask(string text)
    {
        Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
        Core.SetPolicy(Now, new(document, Core.Policies.Newest.Version, "ann", ""));
    }

    private void Slot(params (int From, int To, int Expected, int InTime)[] pairs) =>
        Pass([.. pairs.Select(pair => Of(pair.From, pair.To, pair.Expected, pair.Expected, pair.Expected, pair.InTime))]);

    /// <summary>Ten seconds pass, and are looked at.</summary>
    private void Pass(params KeyValuePair<SeriesKey, HistoryPoint>[] points)
    {
        _routes.Look(Now.Wall, Core.Routing.Table, Core.History.Members.Select(member => member.Number));
        _watch.Take(new(Now.Wall.Seconds, Now.Wall.Seconds + 10, points.ToDictionary(), []));
        _watch.Look(Core, Now);
        Repeat([.. Parties.Keys]);
        Run(5);
        Repeat([.. Parties.Keys]);
        Run(5);
    }

    private static KeyValuePair<SeriesKey, HistoryPoint> Heard(int node) => new(SeriesKey.Traffic(new((ushort)node)), new(SeriesKind.Traffic));

    private static KeyValuePair<SeriesKey, HistoryPoint> Of(int from, int to, int offered, int sent, int expected, int inTime)
    {
        var point = new HistoryPoint(SeriesKind.Quality);
        point[QualityTallies.Offered].Add(offered);
        point[QualityTallies.Sent].Add(sent);
        point[QualityTallies.Expected].Add(expected);
        point[QualityTallies.InTime].Add(inTime);
        return new(SeriesKey.Quality(new((ushort)from), new((ushort)to)), point);
    }

    private List<EventEntry> Told()
    {
        var told = new List<EventEntry>();
        while (_events.TryRead(out var happened))
            told.Add(happened);
        return told;
    }
}
