using Microsoft.Win32.SafeHandles;
using WeCan.Contracts;

namespace WeCan.Controller.History.Files;

/// <summary>
/// Finds the blocks of a file that a program which was killed, a machine that lost its power or a bad disk has left. Blocks that are
/// whole stay; the end of a block that was being written is cut off; what can be no history is set aside beside the file, with a sentence.
/// </summary>
internal static class FileRecovery
{
    public static List<BlockPlace> Open(string path, HistoryLevel level, long start, bool isNewest, Action<string> tell)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        var places = new List<BlockPlace>();
        var head = new byte[BlockHead.Bytes];
        var at = 0L;
        var isTorn = true;
        while (at < length)
        {
            var count = RandomAccess.Read(file, head, at);
            isTorn = count < BlockHead.Bytes;
            if (isTorn || !BlockHead.TryRead(head, out var found) || found.Level != level.Index || (places.Count > 0 && found.Slot < places[^1].Slot))
                break;
            var place = new BlockPlace(found, path, at);
            isTorn = place.End > length;
            if (isTorn)
                break;
            places.Add(place);
            at = place.End;
        }

        // A machine that lost its power may have kept the length of the last block and not its bytes.
        if (isNewest && places.Count > 0 && !IsWhole(file, places[^1]))
        {
            (at, isTorn) = (places[^1].Offset, true);
            places.RemoveAt(places.Count - 1);
        }

        if (at < length)
        {
            if (isTorn)
            {
                tell($"{path} ends within a block, as a program that was killed leaves it: its last {length - at} bytes are cut off.");
            }
            else
            {
                SetAside(file, path, at);
                tell($"{path} cannot be read after its first {at} bytes: what it knew from {new UnixTime(places.Count > 0 ? places[^1].Slot + level.Slot : start)} on, to {new UnixTime(start + level.File)} at most, is lost. These {length - at} bytes are set aside in {path}{HistoryFolder.Damaged}, and the rest counts.");
            }

            RandomAccess.SetLength(file, at);
        }

        return places;
    }

    private static bool IsWhole(SafeFileHandle file, BlockPlace place)
    {
        var body = new byte[place.Head.Length];
        return RandomAccess.Read(file, body, place.Offset + BlockHead.Bytes) == body.Length && Crc.Of(body) == place.Head.Check;
    }

    private static void SetAside(SafeFileHandle file, string path, long at)
    {
        using var aside = new FileStream(path + HistoryFolder.Damaged, FileMode.Create, FileAccess.Write, FileShare.None);
        var buffer = new byte[64 << 10];
        for (int count; (count = RandomAccess.Read(file, buffer, at)) > 0; at += count)
            aside.Write(buffer, 0, count);
    }
}
