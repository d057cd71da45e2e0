using WeCan.Programs;

namespace WeCan.Integration.Tests;

/// <summary>Runs a built tool as a process, as a user would.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    public static async Task<ProgramResult> RunAsync(string name, string file, params string[] arguments)
    {
        using var program = RunningProgram.Start(ProjectPrograms.Tool(name, file, arguments));
        return new(await program.EndedAsync(Bound), program.Output, program.Errors);
    }
}
