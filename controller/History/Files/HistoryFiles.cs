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

    /// <summary>The first time of which the level holds nothing and may still get something; 0 where it is empty.</summary>
    public long EndOf(int level) => At(level) is { Count: > 0 } places ? places[^1].Slot + HistoryLevel.All[level].Slot : 0;

    public void Append(HistoryLevel level, long slot, byte[] block)
    {
        ArgumentNullException.ThrowIfNull(level);
        if (!BlockHead.TryRead(block, out var head))
            throw new ArgumentException("These bytes are no block.", nameof(block));
        var path = _folder.FileOf(level, slot);
        var at = At(level.Index).LastOrDefault(place => place.Path == path)?.End ?? 0;
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

    /// <summary>Drops files that are older than their level is kept, and the oldest of the largest level while all take too much.</summary>
    public void Expire(long now)
    {
        foreach (var (level, start, path) in _folder.Files().ToList())
        {
            if (start + level.File <= now - level.Kept)
                Drop(level.Index, path);
        }

        while (Bytes > _bound && Largest() is { } largest)
            Drop(largest.Level, largest.Path);
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

    private void Drop(int level, string path)
    {
        if (_open[level].Path == path)
            Close(level);
        File.Delete(path);
        File.Delete(path + HistoryFolder.Damaged);
        lock (_telling)
            _told.Remove(path);
        var (kept, gone) = (At(level).Where(place => place.Path != path).ToArray(), At(level).Where(place => place.Path == path).Sum(place => place.End - place.Offset));
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
