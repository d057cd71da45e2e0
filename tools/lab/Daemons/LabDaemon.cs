using System.Diagnostics;
using System.Net;

namespace WeCan.Lab.Daemons;

/// <summary>One daemon as a process of its own: started, asked whether it stands, told to read its configuration again, ended or killed. Its log goes to a file.</summary>
internal sealed class LabDaemon : IAsyncDisposable
{
    private const int LinesTold = 6;

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly Uri _metrics;
    private readonly Queue<string> _last = [];
    private readonly StreamWriter _log;

    private LabDaemon(string name, string program, int metricsPort, string logFile, HttpClient http, IEnumerable<string> arguments)
    {
        Name = name;
        _http = http;
        _metrics = new($"http://127.0.0.1:{metricsPort}/");
        _log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        var start = new ProcessStartInfo(Programs.Host, [Programs.PathOf(program), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };

        // A lab has many processes on few processors, and none of them a heap to speak of.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start) ?? throw new LabException($"{program} cannot be started.");
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static LabDaemon Start(string name, string program, int metricsPort, string logFile, HttpClient http, params IEnumerable<string> arguments) =>
        new(name, program, metricsPort, logFile, http, arguments);

    /// <summary>Runs a command of a program to its end, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Programs.Host, [Programs.PathOf(program), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new LabException($"{program} cannot be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).Trim() : throw new LabException($"{program} ended with {process.ExitCode}: {(await errors).Trim()}");
    }

    /// <summary>Waits until it says that it stands.</summary>
    public async Task AwaitReadyAsync(CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(LabLimits.StartBound);
        try
        {
            while (await AskAsync("readyz", bound.Token) is not HttpStatusCode.OK)
            {
                if (HasEnded)
                    throw Ended();
                await Task.Delay(LabLimits.Poll, bound.Token);
            }
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new LabException($"{Name} does not stand after {LabLimits.StartBound.TotalSeconds:0} s. {Said()}", late);
        }
    }

    /// <summary>Its page of metrics; empty while it cannot be had.</summary>
    public async Task<MetricsPage> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return MetricsPage.Parse(await _http.GetStringAsync(new Uri(_metrics, "metrics"), cancellation));
        }
        catch (HttpRequestException)
        {
            return MetricsPage.Empty;
        }
    }

    public ProcessFigures Figures()
    {
        if (HasEnded)
            return default;
        _process.Refresh();
        return new(_process.TotalProcessorTime, _process.WorkingSet64);
    }

    /// <summary>The sentence for whoever runs the lab, when it ended by itself.</summary>
    public LabException Ended() => new($"{Name} ended with {_process.ExitCode}. {Said()}");

    public Task ReloadAsync() => SignalAsync("HUP");

    public void Kill()
    {
        if (!HasEnded)
            _process.Kill();
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            await SignalAsync("TERM");
            using var bound = new CancellationTokenSource(LabLimits.ExitBound);
            await _process.WaitForExitAsync(bound.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Kill();
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<HttpStatusCode?> AskAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(_metrics, path), cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_last)
        {
            if (_last.Count == LinesTold)
                _last.Dequeue();
            _last.Enqueue(line);
            _log.WriteLine(line);
        }
    }

    private string Said()
    {
        lock (_last)
            return _last.Count == 0 ? "It said nothing." : $"It said:\n{string.Join('\n', _last)}";
    }
}
