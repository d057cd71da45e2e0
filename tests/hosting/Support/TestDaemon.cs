using WeCan.Hosting.Daemon;
using WeCan.Hosting.Sample;

namespace WeCan.Hosting.Tests.Support;

/// <summary>The sample daemon, or another definition, run inside the test's own process.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly LineWriter _error = new();
    private readonly DaemonSignals _signals = new(ofProcess: false);
    private readonly Task<int> _run;

    private TestDaemon(Func<DaemonProcess, Task<int>> run, Dictionary<string, string>? variables)
    {
        var process = new DaemonProcess { Variables = variables ?? [], Output = _output, Error = _error, Signals = _signals, Version = "1.2.3" };
        _run = Task.Run(() => run(process));
    }

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public DaemonSignals Signals => _signals;

    public static TestDaemon Echo(params string[] args) => Run(args, EchoDaemon.Definition);

    public static TestDaemon Run<TOptions>(string[] args, DaemonDefinition<TOptions> definition, Dictionary<string, string>? variables = null)
        where TOptions : class => new(process => DaemonHost.RunAsync(args, definition, process), variables);

    /// <summary>Waits until a line of the log holds a text; fails when it never does, or the daemon ends before.</summary>
    public async Task<string> Logged(string text)
    {
        var line = _error.LineWith(text);
        var first = await Task.WhenAny(line, _run).WaitAsync(Bound);
        if (first != line && !line.IsCompleted)
            Assert.Fail($"the daemon ended with {await _run}, and never logged \"{text}\":\n{Error}");
        return await line;
    }

    public Task<int> Ended() => _run.WaitAsync(Bound);

    public async ValueTask DisposeAsync()
    {
        _signals.Stop("the end of the test");
        _signals.Stop("the end of the test");
        await _run.WaitAsync(Bound);
        _signals.Dispose();
        await _error.DisposeAsync();
        await _output.DisposeAsync();
    }
}
