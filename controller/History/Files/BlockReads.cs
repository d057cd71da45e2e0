using Microsoft.Win32.SafeHandles;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History.Files;

/// <summary>
/// Reads blocks, for one question or one step. Blocks do not change, so whoever reads needs no leave of who writes; a file that was
/// dropped meanwhile holds nothing any more. What is damaged is left out and counted.
/// </summary>
internal sealed class BlockReads : IDisposable
{
    private readonly byte[] _entry = new byte[2 * BlockHead.EntryBytes];
    private readonly Dictionary<string, BlockPlace> _hurt = new(StringComparer.Ordinal);
    private string _path = "";
    private SafeFileHandle? _file;

    public int Damaged { get; private set; }

    /// <summary>Of each file in which something was damaged the block that was met first.</summary>
    public IReadOnlyCollection<BlockPlace> Hurt => _hurt.Values;

    /// <summary>One series' point; null where the block has none.</summary>
    public HistoryPoint? Find(BlockPlace place, SeriesKey key)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Open(place) is not { } file)
            return null;
        var (low, high) = (0, place.Head.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = EntryAt(file, place, middle, out var begin);
            if (found.Key == key)
                return Point(file, place, key, begin, found.End);
            if (found.Key.Order < key.Order)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return null;
    }

    /// <summary>All points of a block, where its body is whole.</summary>
    public IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>> All(BlockPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Open(place) is not { } file)
            return [];
        var body = new byte[place.Head.Length];
        if (Read(file, body, place.Offset + BlockHead.Bytes) && Crc.Of(body) == place.Head.Check)
            return BlockBytes.Points(place.Head.Count, body);
        NoteDamage(place);
        return [];
    }

    /// <summary>The points of one kind, which lie side by side.</summary>
    public IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>> Of(BlockPlace place, SeriesKind kind)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Open(place) is not { } file)
            yield break;
        var directory = new byte[place.Head.Count * BlockHead.EntryBytes];
        if (!Read(file, directory, place.Offset + BlockHead.Bytes))
            yield break;
        var begin = directory.Length;
        for (var i = 0; i < place.Head.Count; i++)
        {
            var entry = BlockEntry.Read(directory.AsSpan(i * BlockHead.EntryBytes));
            if (entry.Key.Kind == kind && Point(file, place, entry.Key, begin, entry.End) is { } point)
                yield return new(entry.Key, point);
            begin = entry.End;
        }
    }

    public void Dispose() => _file?.Dispose();

    private BlockEntry EntryAt(SafeFileHandle file, BlockPlace place, int index, out int begin)
    {
        // The end of the entry before is where this one's point begins.
        begin = place.Head.Count * BlockHead.EntryBytes;
        var at = place.Offset + BlockHead.Bytes + ((long)index * BlockHead.EntryBytes);
        if (index == 0)
            return Read(file, _entry.AsSpan(0, BlockHead.EntryBytes), at) ? BlockEntry.Read(_entry) : default;
        if (!Read(file, _entry, at - BlockHead.EntryBytes))
            return default;
        begin = BlockEntry.Read(_entry).End;
        return BlockEntry.Read(_entry.AsSpan(BlockHead.EntryBytes));
    }

    private HistoryPoint? Point(SafeFileHandle file, BlockPlace place, SeriesKey key, int begin, int end)
    {
        if (begin >= 0 && end > begin && end <= place.Head.Length)
        {
            var bytes = new byte[end - begin];
            if (Read(file, bytes, place.Offset + BlockHead.Bytes + begin) && BlockBytes.TryReadPoint(key, bytes, out var point))
                return point;
        }

        NoteDamage(place);
        return null;
    }

    private void NoteDamage(BlockPlace place)
    {
        Damaged++;
        _hurt.TryAdd(place.Path, place);
    }

    private SafeFileHandle? Open(BlockPlace place)
    {
        if (_path == place.Path)
            return _file;
        _file?.Dispose();
        (_file, _path) = (null, place.Path);
        try
        {
            _file = File.OpenHandle(place.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Dropped since the question began, as it is old.
        }

        return _file;
    }

    private static bool Read(SafeFileHandle file, Span<byte> bytes, long at)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = RandomAccess.Read(file, bytes, at);
                if (count == 0)
                    return false;
                bytes = bytes[count..];
                at += count;
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
