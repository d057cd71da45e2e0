using System.Diagnostics;

namespace WeCan.Integration.Tests;

/// <summary>Runs a built tool as a process, as a user would.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    public static async Task<ProgramResult> RunAsync(string name, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Find(name, program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Bound);
            return new(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The tool of the same configuration and framework as this assembly: both stand in bin/CONFIGURATION/FRAMEWORK of their projects.</summary>
    private static string Find(string name, string program)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = framework;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "WeCan.sln")))
            root = root.Parent;
        Assert.NotNull(root);
        return Path.Combine(root.FullName, "tools", name, "bin", framework.Parent!.Name, framework.Name, program);
    }
}
