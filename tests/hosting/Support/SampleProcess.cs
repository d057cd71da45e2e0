using WeCan.Programs;

namespace WeCan.Hosting.Tests.Support;

/// <summary>The sample daemon as a process of its own, under the signals of the system.</summary>
internal sealed class SampleProcess(IEnumerable<KeyValuePair<string, string>> variables, params string[] args) : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly RunningProgram _program = RunningProgram.Start(ProjectPrograms.Copied("wecan-echo.dll", args), new() { Variables = variables });

    public int Id => _program.Id;

    public string Error => _program.Errors;

    public Task<string> Logged(string text) => _program.LineAsync(text, Bound);

    public void Signal(string name) => Assert.True(_program.Signal(name));

    public Task<int> Ended() => _program.EndedAsync(Bound);

    public void Dispose() => _program.Dispose();
}
