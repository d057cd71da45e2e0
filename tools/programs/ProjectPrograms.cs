namespace WeCan.Programs;

/// <summary>
/// Where the project's own programs are: built in the same configuration as this assembly, each in the folder of its own
/// project, which is bin/CONFIGURATION/FRAMEWORK.
/// </summary>
public static class ProjectPrograms
{
    /// <summary>The repository that this was built in.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "WeCan.sln")))
                    return folder.FullName;
            }

            throw new ProgramException("This does not run in its repository, and finds none of its programs: run it with 'dotnet run --project'.");
        }
    }

    /// <summary>The words that start a daemon, "wecan-relay" say.</summary>
    public static string[] Daemon(string program, params IEnumerable<string> arguments) => WordsFor(program["wecan-".Length..], $"{program}.dll", arguments);

    /// <summary>The words that start a tool, "lab" say.</summary>
    public static string[] Tool(string name, string file, params IEnumerable<string> arguments) => WordsFor(Path.Combine("tools", name), file, arguments);

    /// <summary>The words that start a program which the build has copied beside this assembly.</summary>
    public static string[] Copied(string file, params IEnumerable<string> arguments) => WordsAt(Path.Combine(AppContext.BaseDirectory, file), arguments);

    private static string[] WordsFor(string project, string file, IEnumerable<string> arguments)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return WordsAt(Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name, file), arguments);
    }

    private static string[] WordsAt(string path, IEnumerable<string> arguments) =>
        File.Exists(path)
            ? [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", path, .. arguments]
            : throw new ProgramException($"There is no {path}: build the solution with 'dotnet build' first, in the same configuration.");
}
