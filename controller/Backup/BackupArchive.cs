using System.Formats.Tar;

namespace WeCan.Controller.Backup;

/// <summary>The files of a backup by their names, as a tar archive; an unsealed one can be looked into with tar.</summary>
internal static class BackupArchive
{
    public static byte[] Write(IReadOnlyDictionary<string, byte[]> files, DateTimeOffset now)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    ModificationTime = now,
                    DataStream = new MemoryStream(content),
                });
            }
        }

        return stream.ToArray();
    }

    /// <summary>The files, or null for what is no such archive.</summary>
    public static Dictionary<string, byte[]>? TryRead(byte[] archive)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var tar = new TarReader(new MemoryStream(archive));
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType != TarEntryType.RegularFile || entry.Length > archive.Length || files.Count == BackupLimits.Entries)
                    return null;
                var content = new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                if (!files.TryAdd(entry.Name, content))
                    return null;
            }

            return files;
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException or FormatException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
