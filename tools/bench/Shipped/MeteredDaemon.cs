using System.Globalization;
using System.Net;
using WeCan.Bench.Forward;
using WeCan.Programs;

namespace WeCan.Bench.Shipped;

/// <summary>A daemon as it ships, as a process of its own on the loopback, with its metrics scraped once a second as long as it runs.</summary>
internal sealed class MeteredDaemon : IDisposable
{
    private static readonly TimeSpan ScrapeEvery = TimeSpan.FromSeconds(1);

    private readonly RunningProgram _process;
    private readonly HttpClient _http;
    private readonly Timer _scraping;

    /// <summary>Starts it, and waits until it says that it stands.</summary>
    public MeteredDaemon(string name, params IEnumerable<string> arguments)
    {
        var port = FreePort.Take();
        _process = RunningProgram.Start(ProjectPrograms.Daemon(name, [.. arguments, "--metrics.listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")]));
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), Timeout = ForwardLimits.AnswerBound };
        _scraping = new(_ => ScrapeQuietly());
        try
        {
            AwaitReady();
        }
        catch
        {
            Dispose();
            throw;
        }

        _scraping.Change(ScrapeEvery, ScrapeEvery);
    }

    /// <summary>The line of its log that holds a text, once it was said.</summary>
    public string Await(string text) => _process.LineAsync(text, ForwardLimits.AnswerBound).GetAwaiter().GetResult();

    public double ProcessorSeconds => _process.Figures().Processor.TotalSeconds;

    public double ResidentMebibytes => _process.Figures().Memory / (1024.0 * 1024.0);

    /// <summary>Its metrics now: values by name and labels, as the page writes them.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in ScrapeAsync().GetAwaiter().GetResult().Split('\n'))
        {
            var space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#' && double.TryParse(line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                values[line[..space]] = value;
        }

        return values;
    }

    /// <summary>The runtime compiles in steps what turns out to be busy, and takes its time where others have the processors: that is a start's, and not the work's.</summary>
    public void AwaitWarm()
    {
        // What a scrape runs is compiled once it has run so often, all of it at once.
        for (var i = 0; i < ForwardLimits.WarmScrapes; i++)
            Read();
        var (start, compiled) = (Environment.TickCount64, double.NegativeInfinity);
        for (var isWarm = false; !isWarm && Environment.TickCount64 - start < ForwardLimits.LongestWarmUp.TotalMilliseconds;)
        {
            Thread.Sleep(ForwardLimits.WarmUp);
            var now = Read()["dotnet_jit_seconds_total"];
            isWarm = now - compiled < ForwardLimits.WarmShare * ForwardLimits.WarmUp.TotalSeconds;
            compiled = now;
        }
    }

    public void Dispose()
    {
        _scraping.Dispose();
        _process.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _http.Dispose();
    }

    private Task<string> ScrapeAsync() => _http.GetStringAsync(new Uri("metrics", UriKind.Relative));

    /// <summary>A scrape that fails is the next one's to make up for: who reads the metrics is told.</summary>
    private void ScrapeQuietly()
    {
        try
        {
            ScrapeAsync().GetAwaiter().GetResult();
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
    }

    private void AwaitReady()
    {
        for (var start = Environment.TickCount64; !IsReady(); Thread.Sleep(ForwardLimits.ReadyTick))
        {
            if (_process.HasEnded || Environment.TickCount64 - start > ForwardLimits.AnswerBound.TotalMilliseconds)
                throw new ForwardException($"A daemon does not come to stand. It said: {_process.Last(ProgramLimits.LinesTold)}");
        }
    }

    private bool IsReady()
    {
        try
        {
            using var answer = _http.Send(new(HttpMethod.Get, "readyz"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
