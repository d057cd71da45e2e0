namespace WeCan.Architecture.Tests;

/// <summary>
/// The files of this repository, as they lie on disk, without what a build or an editor leaves there. The root is the
/// nearest folder above the test's own that holds WeCan.sln. Paths are relative to it, with forward slashes.
/// </summary>
internal static class RepositoryFiles
{
    private static readonly string[] LeftByTools = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    // Folders whose names start with a dot belong to editors and to git, except these.
    private static readonly string[] OurDotFolders = [".ci", ".github"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> AllSources = new(() => [.. WithExtension(".cs")]);

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static IReadOnlyList<string> Paths { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file, each parsed at most once for all tests.</summary>
    public static IReadOnlyList<SourceFile> Sources => AllSources.Value;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files that end in one of <paramref name="extensions"/>, or are named so.</summary>
    public static IEnumerable<SourceFile> WithExtension(params string[] extensions) =>
        from path in Paths
        where extensions.Any(extension => path.EndsWith(extension, StringComparison.Ordinal))
        select new SourceFile(path, Read(path));

    /// <summary>Every file that is text: those without a zero byte near their start.</summary>
    public static IEnumerable<SourceFile> Texts() =>
        from path in Paths
        let text = Read(path)
        where !text.AsSpan(0, Math.Min(text.Length, 4096)).Contains('\0')
        select new SourceFile(path, text);

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WeCan.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {start} holds WeCan.sln: run these tests from a build inside the repository.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            // In a worktree .git is a file, and git's own.
            if (Path.GetFileName(file) != ".git")
                yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            if (LeftByTools.Contains(name) || (name.StartsWith('.') && !OurDotFolders.Contains(name)))
                continue;
            foreach (var file in Walk(child))
                yield return file;
        }
    }
}
