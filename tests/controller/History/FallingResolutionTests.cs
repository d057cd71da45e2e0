using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.History;

/// <summary>Months in virtual time: every resolution holds as long as it is said to, sums are exact at each, and the disk holds no more than is reckoned.</summary>
public sealed class FallingResolutionTests : IDisposable
{
    private const long Day = 24 * 3_600;
    private const long Start = 1_800_000_000 - (1_800_000_000 % Day);

    private static readonly SeriesKey Key = new(SeriesKind.Link, 1, 2);
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);

    private readonly TemporaryFolder _folder = TemporaryFolder.InMemory();
    private readonly MembershipHistory _members = Members();
    private readonly List<(long Slot, long Value)> _oracle = [];
    private HistoryFiles _files;
    private HistoryKeeper _keeper;

    public FallingResolutionTests()
    {
        _files = Open();
        _keeper = new(_files, new(), why => Assert.Fail(why));
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void After_a_month_each_resolution_holds_what_it_should_and_all_of_them_the_same_sums()
    {
        const long End = Start + (33 * Day);
        var random = new Random(1);

        // One slot in a quarter of an hour, in the last days one in each, and all of them at the end, with restarts at any time.
        for (var slot = Start; slot < End; slot += slot < End - (2 * Day) ? 900 : slot < End - 7_200 ? 60 : 10)
        {
            Keep(slot, random.NextInt64(1_000, 500_000));
            if (random.Next(500) == 0)
                Restart();
        }

        foreach (var level in HistoryLevel.All)
        {
            var oldest = _files.At(level.Index)[0].Slot;
            Assert.InRange(End - oldest, level.Kept, level.Kept + level.File + level.Slot);
            Assert.Equal(_files.At(level.Index).Count, _files.At(level.Index).Select(place => place.Slot).Distinct().Count());
            Check(level, oldest, End);
        }

        // 30 days at any resolution in one answer: what is not summed yet is summed on the way.
        Check(HistoryLevel.Coarsest, End - (30 * Day), End);
        Assert.InRange(_files.Bytes, 1, 800_000);
        Assert.InRange(Directory.GetFiles(_folder.File("history")).Length, 4, 7 + 14 + 16 + 18);
    }

    [Fact]
    public void A_value_counts_for_as_long_as_it_is_the_last_word_and_a_silent_node_for_as_long_as_routes_count_it()
    {
        var slots = new List<HistorySlot>();
        var recorder = new HistoryRecorder(0, slots.Add);
        var desk = Desk();
        recorder.HandleTimeout(At(0), desk, _members);
        Say(recorder, 0, isFull: true, Link(10));
        Say(recorder, 2.5, isFull: false, Link(20));
        Say(recorder, 4, isFull: false, new LinkReport(Two, LinkState.Up) { Rtt = Duration.FromMilliseconds(20) });
        Say(recorder, 5, isFull: false, Link(30));
        Say(recorder, 8, isFull: false, new LinkReport(Two, LinkState.Gone));
        Say(recorder, 9, isFull: false, Link(40));
        recorder.HandleTimeout(At(10), desk, _members);
        var point = Assert.Single(slots).Points[Key];
        Assert.Equal((10_000, 2_500 + 1_500 + 3_000 + 1_000), (point[LinkTallies.Covered].Total, point[LinkTallies.Rtt].Count));
        Assert.Equal((10_000L * 2_500) + (20_000 * 1_500) + (30_000 * 3_000) + (40_000 * 1_000), point[LinkTallies.Rtt].Total);

        // It was heard last at 9 s, and counts until 19 s.
        foreach (var second in (int[])[20, 30, 40])
            recorder.HandleTimeout(At(second), desk, _members);
        Assert.Equal([10_000L, 9_000, 0, 0], slots.Select(slot => slot.Points.TryGetValue(Key, out var each) ? each[LinkTallies.Covered].Total : 0));
        Say(recorder, 43, isFull: true, Link(50));
        recorder.HandleTimeout(At(50), desk, _members);
        Assert.Equal(7_000, slots[^1].Points[Key][LinkTallies.Covered].Total);

        // A session that begins anew and does not name the link says that there is none.
        Say(recorder, 52, isFull: true);
        recorder.HandleTimeout(At(60), desk, _members);
        Assert.Equal((10_000, 2_000), (slots[^1].Points[Key][LinkTallies.Covered].Total, slots[^1].Points[Key][LinkTallies.Rtt].Count));
    }

    [Fact]
    public void A_clock_that_goes_back_or_jumps_ahead_loses_nothing()
    {
        var slots = new List<HistorySlot>();
        var recorder = new HistoryRecorder(Start, slot =>
        {
            slots.Add(slot);
            _keeper.Keep(slot);
        });
        var desk = Desk();
        Say(recorder, 0, isFull: true, Link(10));
        for (var second = 0; second <= 7_200; second++)
        {
            // Half an hour back after half an hour, two hours ahead after another.
            var wall = Start + second + (second > 3_600 ? 7_200 : second > 1_800 ? -1_800 : 0);
            recorder.HandleTimeout(new(MonoTime.FromSeconds(second), new(wall)), desk, _members);
            Say(recorder, second, isFull: false);
        }

        recorder.Finish();
        _keeper.Keep(new(Start + (3 * Day), Start + (3 * Day), new Dictionary<SeriesKey, HistoryPoint>(), []));
        Assert.Equal(slots.Select(slot => slot.Slot).Order(), slots.Select(slot => slot.Slot));
        foreach (var level in HistoryLevel.All.Skip(1))
            Assert.Equal(7_200_000, new HistoryReader(_files, new()).Read(Key, level, 0, long.MaxValue).Values.Sum(point => point[LinkTallies.Covered].Total));
    }

    [Fact]
    public void Where_there_are_too_many_links_those_that_are_used_are_kept_and_an_hour_has_a_look_at_the_others()
    {
        var slots = new List<HistorySlot>();
        var recorder = new HistoryRecorder(Start, slots.Add, links: 4);
        var desk = Desk();
        for (var second = 0; second <= 3_700; second++)
        {
            var now = new ControllerTime(MonoTime.FromSeconds(second), new(Start + second));
            var links = Enumerable.Range(2, 10).Select(peer => new LinkReport(new((ushort)peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(peer), Used = new(peer >= 9 && second > 700 ? 1_000_000 : 0) });

            // Links to strangers take nobody's place, however much they carry.
            var strangers = Enumerable.Range(50, 3).Select(peer => new LinkReport(new((ushort)peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(1), Used = new(5_000_000) });
            var report = new LinkReportsMessage(second == 0, true, [.. strangers, .. links]);
            desk.Take(now.Mono, One, report);
            recorder.Take(now.Mono, One, report, _members);
            recorder.HandleTimeout(now, desk, _members);
        }

        Assert.All(slots, slot => Assert.InRange(slot.Points.Count, 4, 4));
        Assert.Equal([2, 3, 4, 5], slots[0].Points.Keys.Select(key => (int)key.To).Order());
        Assert.Equal([9, 10, 11], slots[^1].Points.Keys.Select(key => (int)key.To).Order().Skip(1));
        var hour = slots.Single(slot => slot.Looks.Count > 0);
        Assert.Equal((Start + 3_590, 6), (hour.Slot, hour.Looks.Count));

        foreach (var slot in slots)
            _keeper.Keep(slot);
        var looked = new HistoryReader(_files, new()).Read(hour.Looks[0].Key, HistoryLevel.Coarsest, Start, Start + 3_600)[Start];
        Assert.True(looked[LinkTallies.Covered].Total >= 10_000);
        Assert.Equal(hour.Looks[0].Link.Rtt.Microseconds, looked[LinkTallies.Rtt].Greatest);
    }

    /// <summary>Eleven members.</summary>
    private static MembershipHistory Members()
    {
        var state = new ControllerState { Network = Samples.Network };
        for (ushort number = 1; number <= 11; number++)
            state.Members.Add(new(number), new(new() { Number = new(number), Role = NodeRole.Relay, Key = Samples.OverlayKey(number), Name = $"n{number}", Expires = Samples.Start }, default, default, 0, Samples.Start));
        return new(state);
    }

    private static RouteDesk Desk() => Samples.Core().Routing;

    private static ControllerTime At(double seconds) => new(MonoTime.FromSeconds(seconds), new(Start + (long)seconds));

    private static LinkReport Link(int milliseconds) => new(Two, LinkState.Proven) { Rtt = Duration.FromMilliseconds(milliseconds) };

    private void Say(HistoryRecorder recorder, double seconds, bool isFull, params LinkReport[] links) =>
        recorder.Take(MonoTime.FromSeconds(seconds), One, new(isFull, true, links), _members);

    private HistoryFiles Open() => HistoryFiles.Open(new(_folder.File("history")), HistoryLimits.Bytes, sentence => Assert.Fail(sentence));

    private void Restart()
    {
        _files.Dispose();
        _files = Open();
        _keeper = new(_files, new(), why => Assert.Fail(why));
    }

    private void Keep(long slot, long value)
    {
        _oracle.Add((slot, value));
        var point = new HistoryPoint(SeriesKind.Link);
        point[LinkTallies.Covered].Add(10_000);
        point[LinkTallies.Rtt].Add(value, 10_000);
        _keeper.Keep(new(slot, slot + 10, new Dictionary<SeriesKey, HistoryPoint> { [Key] = point }, []));
    }

    /// <summary>Against sums, extremes and percentiles that are reckoned of all values anew.</summary>
    private void Check(HistoryLevel level, long since, long until)
    {
        var slots = new HistoryReader(_files, new()).Read(Key, level, level.SlotOf(since), until);
        var expected = _oracle.Where(each => each.Slot >= level.SlotOf(since) && each.Slot < until).GroupBy(each => level.SlotOf(each.Slot)).ToList();
        Assert.Equal(expected.Select(slot => slot.Key), slots.Keys);
        foreach (var slot in expected)
        {
            var all = new Tally(TallyKind.Spread);
            foreach (var (_, value) in slot)
                all.Add(value, 10_000);
            var found = slots[slot.Key][LinkTallies.Rtt];
            Assert.Equal((all.Count, all.Total, all.Least, all.Greatest, all.Quantile(0.95)), (found.Count, found.Total, found.Least, found.Greatest, found.Quantile(0.95)));
        }
    }
}
