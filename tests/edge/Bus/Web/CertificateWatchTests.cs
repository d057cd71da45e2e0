using Microsoft.Extensions.Logging;
using WeCan.Edge.Bus.Web;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>The operator's certificate over its life.</summary>
public sealed class CertificateWatchTests
{
    [Fact]
    public async Task Files_that_change_are_read_and_files_that_are_none_change_nothing()
    {
        await using var edge = new WebEdge();
        var log = new LineLog();
        var settings = new WebSettings { Listen = edge.Server.Address, Certificate = edge.Files.Certificate, Key = edge.Files.Key };
        using var watch = new CertificateWatch(settings, Read(edge), edge.Time, log);
        Assert.Equal("CN=edge.test", watch.Now.Own.Subject);

        edge.WriteCertificate("other.test", TimeSpan.FromDays(90));
        Touch(edge, 1);
        edge.Time.Advance(WebLimits.CertificateLook);
        Assert.Equal("CN=other.test", watch.Now.Own.Subject);

        await File.WriteAllTextAsync(edge.Files.Key, "nonsense", TestContext.Current.CancellationToken);
        Touch(edge, 2);
        edge.Time.Advance(WebLimits.CertificateLook);
        Assert.Equal("CN=other.test", watch.Now.Own.Subject);
        var told = log.Lines.Count(line => line.Contains("stays as it is", StringComparison.Ordinal));
        edge.Time.Advance(WebLimits.CertificateLook * 5);
        Assert.Equal((1, 1), (told, log.Lines.Count(line => line.Contains("stays as it is", StringComparison.Ordinal))));

        // A reload reads even where nothing seems to have changed.
        watch.Reload(settings);
        Assert.Equal(2, log.Lines.Count(line => line.Contains("holds no key in PEM", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_that_ends_soon_is_warned_of_each_day_and_one_that_has_ended_is_an_error()
    {
        await using var edge = new WebEdge();
        edge.WriteCertificate("edge.test", TimeSpan.FromDays(16));
        var log = new LineLog();
        using var watch = new CertificateWatch(new() { Listen = edge.Server.Address, Certificate = edge.Files.Certificate, Key = edge.Files.Key }, Read(edge), edge.Time, log);
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
        edge.Time.Advance(TimeSpan.FromDays(4.5));
        Assert.Equal(3, log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)));
        edge.Time.Advance(TimeSpan.FromDays(13));
        Assert.Contains(log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("no client believes it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "", "holds no certificate in PEM (bus.web.certificate)")]
    [InlineData("same", "", "holds no key in PEM, without a password, that belongs to the first certificate")]
    [InlineData("same", "other", "holds no key in PEM, without a password, that belongs to the first certificate")]
    [InlineData("none", "same", "cannot be read (bus.web.certificate)")]
    public async Task What_cannot_be_read_is_told_in_a_sentence(string certificate, string key, string words)
    {
        await using var edge = new WebEdge();
        var own = await File.ReadAllTextAsync(edge.Files.Key, TestContext.Current.CancellationToken);
        if (key == "other")
        {
            var kept = await File.ReadAllTextAsync(edge.Files.Certificate, TestContext.Current.CancellationToken);
            edge.WriteCertificate("other.test", TimeSpan.FromDays(9));
            await File.WriteAllTextAsync(edge.Files.Certificate, kept, TestContext.Current.CancellationToken);
        }

        if (certificate.Length == 0)
            await File.WriteAllTextAsync(edge.Files.Certificate, "", TestContext.Current.CancellationToken);
        if (key.Length == 0)
            await File.WriteAllTextAsync(edge.Files.Key, "", TestContext.Current.CancellationToken);
        Assert.NotEmpty(own);
        Assert.False(WebCertificate.TryRead(certificate == "none" ? "/nowhere/at/all" : edge.Files.Certificate, edge.Files.Key, out _, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    private static WebCertificate Read(WebEdge edge)
    {
        Assert.True(WebCertificate.TryRead(edge.Files.Certificate, edge.Files.Key, out var certificate, out var problem), problem);
        return certificate!;
    }

    /// <summary>Two writes within one tick of the file system's clock look like one.</summary>
    private static void Touch(WebEdge edge, int seconds) => File.SetLastWriteTimeUtc(edge.Files.Certificate, DateTime.UtcNow.AddSeconds(seconds));

    private sealed class LineLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
