using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>One of the project's programs as a process of its own, with these tests' bounds and what it said.</summary>
internal sealed class DaemonProcess : IDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A relay as shipped compiles each method once and whole, which serves it for years; here most live for seconds, and two cores start dozens of them.
    /// </summary>
    private static readonly Dictionary<string, string> ShortLived = new(StringComparer.Ordinal) { ["DOTNET_TieredCompilation"] = "1", ["DOTNET_TieredPGO"] = "0" };

    private readonly RunningProgram _program;

    private DaemonProcess(string program, IReadOnlyDictionary<string, string> variables, string[] arguments) =>
        _program = RunningProgram.Start(ProjectPrograms.Daemon(program, arguments), new() { Variables = variables });

    public int Id => _program.Id;

    public string Said => _program.Said;

    /// <summary>Starts "wecan-relay" and its like; no configuration of this machine is read.</summary>
    public static DaemonProcess Start(string program, IReadOnlyDictionary<string, string> variables, params string[] arguments) => new(program, new Dictionary<string, string>(ShortLived.Concat(variables), StringComparer.Ordinal), arguments);

    public static DaemonProcess Start(string program, params string[] arguments) => new(program, ShortLived, arguments);

    /// <summary>The same with the runtime's settings of the program itself.</summary>
    public static DaemonProcess StartAsShipped(string program, IReadOnlyDictionary<string, string> variables, params string[] arguments) => new(program, variables, arguments);

    /// <summary>Runs a command to its end, which has to be a good one, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments) => (await RunningProgram.RunAsync(ProjectPrograms.Daemon(program, arguments), Bound)).Trim();

    /// <summary>The line that holds a text, once so many such lines were said; fails when the process ends before.</summary>
    public Task<string> LoggedAsync(string text, int count = 1) => _program.LineAsync(text, Bound, count);

    /// <summary>How many lines hold a text so far.</summary>
    public int Count(string text) => _program.Count(text);

    public Task<int> EndedAsync() => _program.EndedAsync(Bound);

    public void Kill() => _program.Kill();

    public void Signal(string name) => Assert.True(_program.Signal(name));

    public void Dispose() => _program.Dispose();
}
