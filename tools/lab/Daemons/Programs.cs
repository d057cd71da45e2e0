namespace WeCan.Lab.Daemons;

/// <summary>Where the daemons' programs are: built with the lab, in the same configuration, each in the folder of its own project.</summary>
internal static class Programs
{
    /// <param name="program">"wecan-relay", say.</param>
    public static string PathOf(string program)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        for (var root = framework; root is not null; root = root.Parent)
        {
            if (!File.Exists(Path.Combine(root.FullName, "WeCan.sln")))
                continue;
            var path = Path.Combine(root.FullName, program["wecan-".Length..], "bin", framework.Parent!.Name, framework.Name, $"{program}.dll");
            return File.Exists(path) ? path : throw new LabException($"There is no {path}: build the solution with 'dotnet build' first.");
        }

        throw new LabException("The lab does not stand in its repository, and finds no daemons: run it with 'dotnet run --project tools/lab'.");
    }

    public static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
