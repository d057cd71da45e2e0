using System.Globalization;

namespace WeCan.Controller.History.Files;

/// <summary>The names of the files of a history: the level's name and the time at which the file begins.</summary>
internal sealed record HistoryFolder(string Path)
{
    private const string Extension = ".history";

    /// <summary>What follows the name of a file whose rest was set aside.</summary>
    public const string Damaged = ".damaged";

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
