using Microsoft.Win32.SafeHandles;
using WeCan.Contracts;

namespace WeCan.Controller.History.Files;

/// <summary>
/// The blocks on disk, level by level. One thread appends and drops; any thread may ask what there is (<see cref="At"/>). A block is whole
/// in its file or it is not there: what a full disk leaves of one is cut off before the next is written.
/// </summary>
internal sealed class HistoryFiles : IDisposable
{
    private readonly HistoryFolder _folder;
    private readonly long _bound;
    private readonly BlockPlace[][] _places = [.. HistoryLevel.All.Select(_ => Array.Empty<BlockPlace>())];
    private readonly (string Path, SafeFileHandle? Handle)[] _open = new (string, SafeFileHandle?)[HistoryLevel.All.Count];
    private readonly Action<string> _tell;
    private readonly Lock _telling = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private long _bytes;

    private HistoryFiles(HistoryFolder folder, long bound, Action<string> tell) => (_folder, _bound, _tell) = (folder, bound, tell);

    /// <summary>What all files take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>
    /// Opens what is there, and makes the folder where there is none. <paramref name="tell"/> gets a sentence for each file that was not whole, and
    /// later for each in which a block is found to be damaged, from whatever thread finds it.
    /// </summary>
    public static HistoryFiles Open(HistoryFolder folder, long bound, Action<string> tell)
    {
        folder.Make();
        var files = new HistoryFiles(folder, bound, tell);
        var found = folder.Files().ToList();
        foreach (var (level, start, path) in found)
        {
            var isNewest = !found.Exists(other => other.Level == level && other.Start > start);
            files.Put(level.Index, FileRecovery.Open(path, level, start, isNewest, tell));
        }

        return files;
    }

    /// <summary>The blocks of a level, by their slots: those that there are now.</summary>
    public IReadOnlyList<BlockPlace> At(int level) => Volatile.Read(ref _places[level]);

    /// <summary>The first slot of the finest level that may be added: none goes back to what coarser levels have counted already.</summary>
    public long Begins => HistoryLevel.All.Max(level => level.Index == 0 ? EndOf(0) - level.Slot : EndOf(level.Index));

    /// <summary>The first time of which the level holds nothing and may still get something; 0 where it is empty.</summary>
    public long EndOf(int level) => At(level) is { Count: > 0 } places ? places[^1].Slot + HistoryLevel.All[level].Slot : 0;

    /// <summary>
    /// Adds a block. With each file that this begins the oldest one of the level goes, if it is older than the level is kept: no more than that, as the
    /// clock may be wrong. The oldest of the largest level goes while all take too much.
    /// </summary>
    public void Append(HistoryLevel level, long slot, byte[] block)
    {
        ArgumentNullException.ThrowIfNull(level);
        if (!BlockHead.TryRead(block, out var head))
            throw new ArgumentException("These bytes are no block.", nameof(block));
        var path = _folder.FileOf(level, slot);
        var last = At(level.Index).LastOrDefault(place => place.Path == path);
        var at = last?.End ?? 0;
        var file = HandleOf(level.Index, path);
        try
        {
            if (RandomAccess.GetLength(file) != at)
                RandomAccess.SetLength(file, at);
            RandomAccess.Write(file, block, at);
        }
        catch (IOException)
        {
            // What failed may be the file and not the disk: the next block opens it anew.
            Close(level.Index);
            throw;
        }

        Put(level.Index, [new(head, path, at)]);
        if (last is null)
            Expire(level, slot);
        while (Bytes > _bound && Largest() is { } largest)
            Drop(largest.Level, largest.Path);
    }

    /// <summary>What was written stays from here on, also when the machine loses its power.</summary>
    public void Synchronise()
    {
        foreach (var (_, handle) in _open)
        {
            if (handle is not null)
                RandomAccess.FlushToDisk(handle);
        }
    }

    /// <summary>
    /// Sets aside what keeps slots from <paramref name="slot"/> on from being added, as it was written while the clock was ahead: slots that begin
    /// later, and coarser ones that are not over then, which are made anew. What was set aside before is dropped.
    /// </summary>
    public void SetAside(long slot)
    {
        _folder.DropAhead();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var level in HistoryLevel.All)
        {
            var ahead = At(level.Index).SkipWhile(place => level.Index == 0 ? place.Slot <= slot : place.Slot + level.Slot <= slot).ToList();
            foreach (var file in ahead.GroupBy(place => place.Path, StringComparer.Ordinal).ToList())
            {
                Close(level.Index);
                HistoryFolder.SetAside(file.Key, file.First().Offset);
                paths.Add(file.Key);
                Forget(level.Index, place => place.Path == file.Key && place.Offset >= file.First().Offset);
            }
        }

        if (paths.Count > 0)
            _tell($"The clock says {new UnixTime(slot)}, and the history of the network goes further: it was ahead before, or is behind now. What is of later times is set aside, in {paths.Count} files of {_folder.Path} that end in {HistoryFolder.Ahead}, and the history goes on from here.");
    }

    /// <summary>
    /// Blocks of which something could not be read. Blocks around them count, so they stay where they are and are passed over; of each file that is
    /// told once, as a bad disk damages many.
    /// </summary>
    public void TellOfDamage(IReadOnlyCollection<BlockPlace> hurt)
    {
        foreach (var place in hurt)
        {
            lock (_telling)
            {
                if (!_told.Add(place.Path))
                    continue;
            }

            var slot = HistoryLevel.All[place.Head.Level].Slot;
            _tell($"{place.Path} is damaged: of what happened from {new UnixTime(place.Slot)} to {new UnixTime(place.Slot + slot)} something is lost, in the block at byte {place.Offset}. It is passed over and left where it is, and the rest of the file counts; more damage in it is not told, but counted.");
        }
    }

    public void Dispose()
    {
        foreach (var (_, handle) in _open)
            handle?.Dispose();
    }

    /// <summary>The oldest file of the level that takes most; none that is the only one of its level, as that is being written.</summary>
    private (int Level, string Path)? Largest()
    {
        var levels = from level in HistoryLevel.All
                     let places = At(level.Index)
                     where places.Count > 0 && places[0].Path != places[^1].Path
                     orderby places.Sum(place => place.End - place.Offset) descending
                     select ((int, string)?)(level.Index, places[0].Path);
        return levels.FirstOrDefault();
    }

    private void Expire(HistoryLevel level, long slot)
    {
        var (_, start, path) = _folder.Files().First(file => file.Level == level);
        if (start + level.File <= slot - level.Kept)
            Drop(level.Index, path);
    }

    private void Drop(int level, string path)
    {
        if (_open[level].Path == path)
            Close(level);
        File.Delete(path);
        File.Delete(path + HistoryFolder.Damaged);
        lock (_telling)
            _told.Remove(path);
        Forget(level, place => place.Path == path);
    }

    private void Forget(int level, Predicate<BlockPlace> isGone)
    {
        var (kept, gone) = (At(level).Where(place => !isGone(place)).ToArray(), At(level).Where(place => isGone(place)).Sum(place => place.End - place.Offset));
        Volatile.Write(ref _places[level], kept);
        Interlocked.Add(ref _bytes, -gone);
    }

    private void Put(int level, List<BlockPlace> more)
    {
        Volatile.Write(ref _places[level], [.. At(level), .. more]);
        Interlocked.Add(ref _bytes, more.Sum(place => place.End - place.Offset));
    }

    private SafeFileHandle HandleOf(int level, string path)
    {
        if (_open[level].Handle is { } open && _open[level].Path == path)
            return open;
        Close(level);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _open[level] = (path, handle);
        return handle;
    }

    private void Close(int level)
    {
        using var handle = _open[level].Handle;
        _open[level] = default;
        if (handle is not null)
            RandomAccess.FlushToDisk(handle);
    }
}
