using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;
using WeCan.Controller.Membership;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.History;

/// <summary>A wall clock that is wrong for a while, by little or by years: what was kept before stays, and what comes is kept at its time.</summary>
public sealed class HistoryClockTests : IDisposable
{
    private const long Day = 24 * 3_600;
    private const long Year = 365 * Day;
    private const long Start = 1_800_000_000 - (1_800_000_000 % Day);

    /// <summary>When the clock goes wrong: within a slot of every level.</summary>
    private const long Wrong = Start + (5 * Day) + 5_417;

    private static readonly SeriesKey Key = new(SeriesKind.Link, 1, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];
    private readonly MembershipHistory _members;
    private HistoryFiles _files;
    private HistoryKeeper _keeper;
    private HistoryRecorder _recorder;
    private WallClock _clock;
    private double _mono;

    public HistoryClockTests()
    {
        var state = new ControllerState { Network = Samples.Network };
        foreach (ushort number in (ushort[])[1, 2])
            state.Members.Add(new(number), new(new() { Number = new(number), Role = NodeRole.Relay, Key = Samples.OverlayKey(number), Name = $"n{number}", Expires = Samples.Start }, default, default, 0, Samples.Start));
        _members = new(state);
        (_files, _keeper, _recorder, _clock) = Open();
    }

    private string Folder => _folder.File("history");

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, Year)]
    [InlineData(50, Year)]
    [InlineData(50, 3 * 3_600)]
    [InlineData(50, -3 * 3_600)]
    [InlineData(50, -40 * Year)]
    public void A_clock_that_is_wrong_for_less_than_a_minute_changes_nothing(int seconds, long by)
    {
        Days(5);
        Run(Start + (5 * Day), Wrong);
        var files = Directory.GetFiles(Folder, "1h-*.history").Length;
        Run(Wrong + by, Wrong + by + seconds);
        Run(Wrong + seconds, Wrong + seconds + 9_000);
        _recorder.Finish();
        var end = Wrong + seconds + 9_000;
        Assert.Equal(files, Directory.GetFiles(Folder, "1h-*.history").Length);
        foreach (var level in HistoryLevel.All.Skip(2))
            Assert.Equal((5 * Day / 60) + end - (Start + (5 * Day)), Covered(level, Start, end + 20));
        Assert.InRange(Covered(HistoryLevel.Finest, end - 3_000, end), 2_980, 3_000);
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(Year)]
    [InlineData(2 * 3_600)]
    public void A_clock_that_was_ahead_for_longer_takes_little_of_the_past_with_it_and_the_history_goes_on(long ahead)
    {
        const long Seconds = 1_200;
        Days(5);
        Run(Start + (5 * Day), Wrong);
        var files = Directory.GetFiles(Folder, "1h-*.history").Length;
        Run(Wrong + ahead, Wrong + ahead + Seconds);
        Run(Wrong + Seconds, Wrong + Seconds + 9_000);

        // What was told while the clock that counted was wrong is of that time; all else is where it belongs, but for a slot that is cut in two.
        var end = Wrong + Seconds + 9_000;
        var all = (5 * Day / 60) + end - (Start + (5 * Day));
        Assert.InRange(Covered(HistoryLevel.Coarsest, Start, end), all - Seconds - 20, all);
        Assert.InRange(Covered(HistoryLevel.All[1], Wrong - 3_600, end), 3_600 + 9_000 - 60 - 20, 3_600 + 9_000 + 20);
        Assert.InRange(Covered(HistoryLevel.Finest, end - 3_000, end), 2_980, 3_000);
        Assert.Equal(files, Directory.GetFiles(Folder, "1h-*.history").Length);
        Assert.All(HistoryLevel.All, level => Assert.True(_files.EndOf(level.Index) <= end + 10));
        Assert.Equal(_files.Bytes, Directory.GetFiles(Folder, "*.history").Sum(path => new FileInfo(path).Length));
        Assert.Contains("is set aside", Assert.Single(_told), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Folder, "*.ahead"));
    }

    [Fact]
    public void A_machine_that_comes_up_without_the_time_and_gets_it_soon_sets_nothing_aside()
    {
        Run(Start, Start + 4_000);
        _recorder.Finish();
        _files.Dispose();
        (_files, _keeper, _recorder, _clock) = Open();
        Run(1_000, 1_050);
        Run(Start + 4_100, Start + 8_000);
        Assert.InRange(Covered(HistoryLevel.Coarsest, Start, Start + 8_000), 4_000 + 50 + 3_900 - 12, 4_000 + 50 + 3_900);
        Assert.Empty(_told);
    }

    [Fact]
    public void After_a_start_with_a_history_of_the_future_it_goes_on_and_keeps_what_was_set_aside_once()
    {
        foreach (var years in (int[])[3, 2, 1, 0])
        {
            Run(Start + (years * Year), Start + (years * Year) + 5_000);
            _recorder.Finish();
            Assert.InRange(Covered(HistoryLevel.All[1], Start + (years * Year), Start + (years * Year) + 5_000), years == 3 ? 5_000 : 4_860, 5_000);
            Assert.Equal(3 - years, _told.Count);
            Assert.All(Directory.GetFiles(Folder, "*.ahead"), path => Assert.EndsWith($"-{FileOf(path, years + 1)}.history.ahead", path, StringComparison.Ordinal));
            Assert.Equal(years == 3, Directory.GetFiles(Folder, "*.ahead").Length == 0);
            _files.Dispose();
            (_files, _keeper, _recorder, _clock) = Open();
        }
    }

    private static long FileOf(string path, int years)
    {
        var level = HistoryLevel.All.Single(level => Path.GetFileName(path).StartsWith($"{level.Name}-", StringComparison.Ordinal));
        var start = long.Parse(Path.GetFileName(path).Split('-', '.')[1], System.Globalization.CultureInfo.InvariantCulture);
        return start >= level.FileOf(Start + (years * Year)) && start < Start + (years * Year) + 5_000 ? start : -1;
    }

    private (HistoryFiles Files, HistoryKeeper Keeper, HistoryRecorder Recorder, WallClock Clock) Open()
    {
        var files = HistoryFiles.Open(new(Folder), HistoryLimits.Bytes, _told.Add);
        var keeper = new HistoryKeeper(files, new(), why => Assert.Fail(why));
        return (files, keeper, new(files.Begins, keeper.Keep), new());
    }

    /// <summary>A slot every ten minutes.</summary>
    private void Days(int days)
    {
        for (var slot = Start; slot < Start + (days * Day); slot += 600)
        {
            var point = new HistoryPoint(SeriesKind.Link);
            point[LinkTallies.Covered].Add(10_000);
            _keeper.Keep(new(slot, slot + 10, new Dictionary<SeriesKey, HistoryPoint> { [Key] = point }, []));
        }
    }

    /// <summary>The wall clock goes from one time to another while as many seconds pass, and a node says each second how its link is.</summary>
    private void Run(long wall, long until)
    {
        var routing = Samples.Core().Routing;
        for (; wall < until; wall++, _mono++)
        {
            var now = At(wall);
            _recorder.HandleTimeout(now, routing, _members);
            _recorder.Take(now.Mono, new(1), new(true, true, [new(new(2), LinkState.Proven) { Rtt = Duration.FromMilliseconds(10) }]), _members);
        }

        _recorder.HandleTimeout(At(until), routing, _members);
    }

    /// <summary>As the loop looks at its clocks.</summary>
    private ControllerTime At(long wall) => new(MonoTime.FromSeconds(_mono), _clock.At(MonoTime.FromSeconds(_mono), new(wall)));

    /// <summary>Seconds of which something is known.</summary>
    private long Covered(HistoryLevel level, long since, long until) =>
        new HistoryReader(_files, new()).Read(Key, level, since, until).Values.Sum(point => point[LinkTallies.Covered].Total) / 1_000;
}
