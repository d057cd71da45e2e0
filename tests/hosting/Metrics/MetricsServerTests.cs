using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Metrics;

public sealed partial class MetricsServerTests
{
    [Fact]
    public async Task Metrics_and_health_are_served()
    {
        await using var daemon = TestDaemon.Echo("--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        using var http = await Client(daemon);

        var scraped = await http.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", scraped.Content.Headers.ContentType?.ToString());
        Assert.Contains("wecan_echo_datagrams_total 0\n", await scraped.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz"));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.PostAsync("/metrics", null)).StatusCode);
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
    }

    [Fact]
    public async Task OpenMetrics_is_served_to_who_asks_for_it()
    {
        await using var daemon = TestDaemon.Echo("--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        using var http = await Client(daemon);
        http.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0"));

        var scraped = await http.GetAsync("/metrics");

        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", scraped.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("\n# EOF\n", await scraped.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A client of a daemon that stands.</summary>
    internal static async Task<HttpClient> Client(TestDaemon daemon)
    {
        await daemon.Logged("stands, configured by");
        var at = Address().Match(await daemon.Logged("Metrics are at"));
        return new HttpClient { BaseAddress = new Uri(at.Value), Timeout = TimeSpan.FromSeconds(20) };
    }

    [GeneratedRegex("http://[^/]+/", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Address();
}
