using System.Globalization;

namespace WeCan.Controller.History.Files;

/// <summary>The names of the files of a history: the level's name and the time at which the file begins.</summary>
internal sealed record HistoryFolder(string Path)
{
    private const string Extension = ".history";

    /// <summary>What follows the name of a file whose rest was set aside.</summary>
    public const string Damaged = ".damaged";

    /// <summary>What follows the name of a file whose rest, or all of it, is of times that have not come yet.</summary>
    public const string Ahead = ".ahead";

    public string FileOf(HistoryLevel level, long slot) =>
        System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{level.Name}-{level.FileOf(slot)}{Extension}"));

    /// <summary>The files that are there, level by level, the oldest first.</summary>
    public IEnumerable<(HistoryLevel Level, long Start, string Path)> Files() =>
        from path in Directory.EnumerateFiles(Path)
        let found = Parse(System.IO.Path.GetFileName(path))
        where found is not null
        orderby found.Value.Level.Index, found.Value.Start
        select (found.Value.Level, found.Value.Start, path);

    public void Make()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Path);
        else
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Ends a file at an offset; what stood there is set aside if the disk has room for it.</summary>
    public static void SetAside(string path, long at)
    {
        if (at == 0)
        {
            File.Move(path, path + Ahead, overwrite: true);
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            file.Position = at;
            using var aside = new FileStream(path + Ahead, FileMode.Create, FileAccess.Write, FileShare.None);
            file.CopyTo(aside);
        }
        catch (IOException)
        {
            File.Delete(path + Ahead);
        }

        file.SetLength(at);
    }

    /// <summary>Drops what was set aside, so that a clock that goes to and fro does not fill the disk.</summary>
    public void DropAhead()
    {
        foreach (var path in Directory.EnumerateFiles(Path, $"*{Extension}{Ahead}").ToList())
            File.Delete(path);
    }

    private static (HistoryLevel Level, long Start)? Parse(string name)
    {
        var parts = name.Split('-');
        return parts.Length == 2 && parts[1].EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(parts[1][..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && HistoryLevel.All.FirstOrDefault(level => level.Name == parts[0]) is { } found
            ? (found, start)
            : null;
    }
}
