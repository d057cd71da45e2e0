using WeCan.Controller.History;
using WeCan.Controller.History.Files;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.Tests.History;

/// <summary>The files of a history after whatever can happen to them: blocks that were whole are there, the rest is not, and it goes on.</summary>
public sealed class HistoryFilesTests : IDisposable
{
    private const long Start = 1_800_000_000;

    private static readonly SeriesKey Key = new(SeriesKind.Link, 1, 2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private string Folder => _folder.File("history");

    private string Finest => Path.Combine(Folder, $"10s-{Start}.history");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_was_cut_at_any_byte_keeps_its_whole_blocks_and_goes_on()
    {
        var ends = WriteThree();
        var whole = File.ReadAllBytes(Finest);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Finest, whole.AsSpan(0, length));
            _told.Clear();
            using var files = Open();
            var kept = ends.Count(end => end <= length);
            Assert.Equal(Enumerable.Range(0, kept).Select(i => 100L + i), Values(files));
            Assert.Equal(length == 0 || ends.Contains(length) ? 0 : 1, _told.Count);
            Assert.All(_told, sentence => Assert.Contains("as a program that was killed leaves it", sentence, StringComparison.Ordinal));

            Append(files, 3);
            Assert.Equal([.. Enumerable.Range(0, kept).Select(i => 100L + i), 103], Values(files));
        }
    }

    [Fact]
    public void A_file_in_which_any_byte_is_another_tells_nothing_false_and_goes_on()
    {
        var ends = WriteThree();
        var whole = File.ReadAllBytes(Finest);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(Finest, damaged);
            using (var files = Open())
            {
                var hit = ends.Count(end => end <= at);
                Assert.All(Values(files), value => Assert.InRange(value, 100, 102));
                Assert.Equal(Enumerable.Range(0, hit).Select(i => 100L + i), Values(files).Take(hit));
                Assert.DoesNotContain(100L + hit, All(files));
                Append(files, 3);
                Assert.Contains(103, Values(files));
            }

            using var again = Open();
            Assert.Contains(103, Values(again));
        }
    }

    [Fact]
    public void What_can_be_no_history_is_set_aside_with_a_sentence_and_what_stands_before_it_counts()
    {
        var ends = WriteThree();
        var bytes = File.ReadAllBytes(Finest);
        bytes.AsSpan(ends[0], 40).Fill(7);
        File.WriteAllBytes(Finest, bytes);
        using var files = Open();
        Assert.Equal([100], Values(files));
        Assert.Equal($"{Finest} cannot be read after its first {ends[0]} bytes: what it knew from 2027-01-15T08:00:10Z on, to 2027-01-15T08:10:00Z at most, is lost. These {bytes.Length - ends[0]} bytes are set aside in {Finest}.damaged, and the rest counts.", Assert.Single(_told));
        Assert.Equal(bytes.AsSpan(ends[0]).ToArray(), File.ReadAllBytes(Finest + ".damaged"));
    }

    /// <summary>By who asks and by who makes the next level, and by both only once: what was counted says how much there is.</summary>
    [Fact]
    public void A_damaged_block_is_passed_over_where_it_is_and_told_once_with_its_file_and_time()
    {
        var ends = WriteThree();
        var bytes = File.ReadAllBytes(Finest);
        foreach (var end in ends[..2])
            bytes[end - 1] ^= 0x40;
        File.WriteAllBytes(Finest, bytes);
        using var files = Open();
        Assert.Empty(_told);
        var counters = new HistoryCounters();
        for (var i = 0; i < 3; i++)
            Assert.Equal([102], new HistoryReader(files, counters).Read(Key, HistoryLevel.Finest, 0, long.MaxValue).Values.Select(point => point[LinkTallies.Rtt].Greatest));
        Assert.Equal(6, counters.Damages);
        var keeper = new HistoryKeeper(files, counters, why => Assert.Fail(why));
        keeper.Keep(Slot(6));
        Assert.Equal(8, counters.Damages);
        Assert.Equal($"{Finest} is damaged: of what happened from 2027-01-15T08:00:00Z to 2027-01-15T08:00:10Z something is lost, in the block at byte 0. It is passed over and left where it is, and the rest of the file counts; more damage in it is not told, but counted.", Assert.Single(_told));
        Assert.Equal(bytes, File.ReadAllBytes(Finest).AsSpan(0, bytes.Length).ToArray());
    }

    [Fact]
    public void Files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(Folder);
        foreach (var name in (string[])["notes.txt", "10s-x.history", "7s-10.history", "10s-10.history.damaged"])
            File.WriteAllText(Path.Combine(Folder, name), "mine");
        using var files = Open();
        Append(files, 0);
        for (var year = 1; year < 9; year++)
            Append(files, year * 365 * 24 * 360);
        Assert.Equal(5, Directory.GetFiles(Folder).Length);
    }

    /// <summary>Not all at once: the clock may be wrong.</summary>
    [Fact]
    public void What_is_too_old_goes_file_by_file_as_others_are_begun()
    {
        const int Year = 365 * 24 * 360;
        using var files = Open();
        for (var i = 0; i < 5 * 60; i += 60)
            Append(files, i);
        Assert.Equal([100, 160, 220, 280, 340], Values(files));
        Append(files, Year);
        Append(files, Year + 1);
        Assert.Equal([160, 220, 280, 340, 100 + Year, 101 + Year], Values(files));
        for (var i = 60; i < 6 * 60; i += 60)
            Append(files, Year + i);
        Assert.Equal(100 + Year, Values(files)[0]);
        Assert.Equal(Directory.GetFiles(Folder).Sum(path => new FileInfo(path).Length), files.Bytes);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_of_the_largest_level_go_first()
    {
        using var files = HistoryFiles.Open(new(Folder), 3_000, _told.Add);
        for (var i = 0; i < 300; i++)
        {
            Append(files, i);
            Assert.InRange(files.Bytes, 0, 3_000 + (60 * 200));
        }

        Assert.Equal(Directory.GetFiles(Folder).Sum(path => new FileInfo(path).Length), files.Bytes);
        Assert.Equal(399, Values(files)[^1]);
        Assert.True(Values(files).Count < 300);
    }

    /// <summary>What kept a slot may be a fault of this program.</summary>
    [Fact]
    public void Whatever_goes_wrong_with_a_slot_is_told_and_the_next_one_is_kept()
    {
        var told = new List<string?>();
        var counters = new HistoryCounters();
        using var files = Open();
        var keeper = new HistoryKeeper(files, counters, told.Add);
        keeper.Keep(Slot(0) with { Points = new Dictionary<SeriesKey, HistoryPoint> { [Key] = null! } });
        Assert.NotNull(Assert.Single(told));
        Assert.Equal(1, counters.Drops);
        keeper.Keep(Slot(1));
        Assert.Null(told[^1]);
        Assert.Equal([101], Values(files));
    }

    [Fact]
    public void A_slot_of_any_length_keeps_so_many_pairs_those_of_which_most_was_to_be_expected()
    {
        var counters = new HistoryCounters();
        using var files = Open();
        var keeper = new HistoryKeeper(files, counters, why => Assert.Fail(why));
        for (var i = 0; i < 6; i++)
        {
            var points = new Dictionary<SeriesKey, HistoryPoint> { [SeriesKey.Network] = Pair(1_000_000) };
            for (var pair = 0; pair < HistoryLimits.Pairs; pair++)
                points.Add(new(SeriesKind.Quality, (ushort)(i + 1), (ushort)(pair + 10)), Pair(pair));
            keeper.Keep(Slot(i) with { Points = points });
        }

        var minute = new HistoryReader(files, new()).Sum(SeriesKind.Quality, HistoryLevel.All[1], Start, Start + 60);
        Assert.Equal(HistoryLimits.Pairs + 1, minute.Count);
        Assert.Equal((6_000_000, 5 * HistoryLimits.Pairs), (minute[SeriesKey.Network][QualityTallies.Expected].Total, counters.Drops));
        Assert.True(minute.Values.Min(point => point[QualityTallies.Expected].Total) >= (HistoryLimits.Pairs * 5 / 6) - 1);

        static HistoryPoint Pair(long expected)
        {
            var point = new HistoryPoint(SeriesKind.Quality);
            point[QualityTallies.Expected].Add(expected);
            return point;
        }
    }

    [Fact]
    public void A_full_disk_loses_the_slot_and_nothing_else_and_is_told_once()
    {
        var full = Path.Combine(Folder, $"10s-{Start + 600}.history");
        var told = new List<string?>();
        var counters = new HistoryCounters();
        using var files = Open();
        var keeper = new HistoryKeeper(files, counters, told.Add);
        for (var i = 0; i < 60; i++)
            keeper.Keep(Slot(i));

        // A disk that is full for who writes this file.
        File.CreateSymbolicLink(full, "/dev/full");
        for (var i = 60; i < 70; i++)
            keeper.Keep(Slot(i));
        Assert.Single(told);
        Assert.Contains("space", told[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(10, counters.Drops);
        File.Delete(full);
        for (var i = 120; i < 130; i++)
            keeper.Keep(Slot(i));
        Assert.Null(Assert.Single(told.Skip(1)));
        Assert.Equal([.. Enumerable.Range(0, 60).Select(i => 100L + i), .. Enumerable.Range(120, 10).Select(i => 100L + i)], Values(files));
    }

    [Fact]
    public void What_a_full_disk_kept_from_being_summed_is_summed_when_there_is_room()
    {
        var full = Path.Combine(Folder, $"1m-{Start}.history");
        var told = new List<string?>();
        using var files = Open();
        var keeper = new HistoryKeeper(files, new(), told.Add);
        File.CreateSymbolicLink(full, "/dev/full");
        for (var i = 0; i < 30; i++)
            keeper.Keep(Slot(i));
        Assert.Single(told);
        Assert.Empty(files.At(1));
        File.Delete(full);
        keeper.Keep(Slot(30));
        Assert.Equal([0L, 60, 120, 180, 240], files.At(1).Select(place => place.Slot - Start));
        Assert.Equal([0L], files.At(2).Select(place => place.Slot - Start));
        Assert.Equal(30 * 10_000, new HistoryReader(files, new()).Read(Key, HistoryLevel.All[2], Start, Start + 300)[Start][LinkTallies.Covered].Total);
    }

    private static HistorySlot Slot(int i) => new(Start + (i * 10), Start + (i * 10) + 10, new Dictionary<SeriesKey, HistoryPoint> { [Key] = Point(i) }, []);

    private static HistoryPoint Point(int i)
    {
        var point = new HistoryPoint(SeriesKind.Link);
        point[LinkTallies.Covered].Add(10_000);
        point[LinkTallies.Rtt].Add(100 + i, 10_000);
        return point;
    }

    private static void Append(HistoryFiles files, int i) => files.Append(HistoryLevel.Finest, Start + (i * 10), BlockBytes.Make(0, Start + (i * 10), Slot(i).Points));

    /// <summary>As a question about one series finds them.</summary>
    private static List<long> Values(HistoryFiles files) =>
        [.. new HistoryReader(files, new()).Read(Key, HistoryLevel.Finest, 0, long.MaxValue).Values.Select(point => point[LinkTallies.Rtt].Greatest)];

    /// <summary>As the next level is made of them.</summary>
    private static List<long> All(HistoryFiles files)
    {
        using var reads = new BlockReads();
        return [.. files.At(0).SelectMany(reads.All).Select(pair => pair.Value[LinkTallies.Rtt].Greatest)];
    }

    private int[] WriteThree()
    {
        using var files = Open();
        return [.. Enumerable.Range(0, 3).Select(i =>
        {
            Append(files, i);
            return (int)new FileInfo(Finest).Length;
        })];
    }

    private HistoryFiles Open() => HistoryFiles.Open(new(Folder), HistoryLimits.Bytes, _told.Add);
}
