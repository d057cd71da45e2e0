using System.Net;
using WeCan.Programs;

namespace WeCan.Lab.Daemons;

/// <summary>One daemon as a process of its own: started, asked whether it stands, told to read its configuration again, ended or killed. Its log goes to a file.</summary>
internal sealed class LabDaemon : IAsyncDisposable
{
    private const int LinesTold = 6;

    // A lab has many processes on few processors, and none of them a heap to speak of.
    private static readonly KeyValuePair<string, string>[] Frugal = [new("DOTNET_gcServer", "0"), new("DOTNET_TieredPGO", "0")];

    private readonly RunningProgram _process;
    private readonly HttpClient _http;
    private readonly Uri _metrics;
    private readonly StreamWriter _log;

    private LabDaemon(string name, string program, int metricsPort, string logFile, HttpClient http, IEnumerable<string> arguments)
    {
        Name = name;
        _http = http;
        _metrics = new($"http://127.0.0.1:{metricsPort}/");
        _log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        _process = RunningProgram.Start(ProjectPrograms.Daemon(program, arguments), new() { Variables = Frugal, OnLine = _log.WriteLine });
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasEnded;

    public static LabDaemon Start(string name, string program, int metricsPort, string logFile, HttpClient http, params IEnumerable<string> arguments) =>
        new(name, program, metricsPort, logFile, http, arguments);

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

    public ProcessFigures Figures() => _process.Figures();

    /// <summary>The sentence for whoever runs the lab, when it ended by itself.</summary>
    public LabException Ended() => new($"{Name} ended with {_process.ExitCode}. {Said()}");

    public void Reload() => _process.Signal("HUP");

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
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

    private string Said() => _process.Last(LinesTold) is { Length: > 0 } last ? $"It said:\n{last}" : "It said nothing.";
}
