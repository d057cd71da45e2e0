using System.Diagnostics;

namespace WeCan.Hosting.Tests.Support;

/// <summary>The sample daemon as a process of its own, under the signals of the system.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly LineWriter _error = new();

    public SampleProcess(IEnumerable<KeyValuePair<string, string>> variables, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "wecan-echo.dll"), .. args]) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                _error.WriteLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Error => _error.ToString();

    public Task<string> Logged(string text) => _error.LineWith(text).WaitAsync(Bound);

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync().WaitAsync(Bound);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _error.Dispose();
    }
}
