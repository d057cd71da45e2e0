using System.Diagnostics;
using System.Text.RegularExpressions;
using WeCan.Hosting.Tests.Support;
using WeCan.Programs;

namespace WeCan.Hosting.Tests.Metrics;

/// <summary>Holds docs/metrics.md against what a daemon exports, and both against Prometheus' own check.</summary>
public sealed partial class MetricsPageTests
{
    [Fact]
    public async Task The_page_names_what_every_daemon_exports_with_its_type()
    {
        var exported = Types().Matches(await ScrapeAsync()).Select(type => (type.Groups["name"].Value, type.Groups["type"].Value))
            .Where(metric => !metric.Item1.StartsWith("wecan_echo_", StringComparison.Ordinal)).ToHashSet();

        // What one daemon has and others have not stands in sections of its own, which that daemon's tests hold.
        var page = await File.ReadAllTextAsync(Path.Combine(ProjectPrograms.Root, "docs", "metrics.md"));
        var section = page[page.IndexOf("## What every daemon has", StringComparison.Ordinal)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        var documented = Rows().Matches(end < 0 ? section : section[..end]).Select(row => (row.Groups["name"].Value, row.Groups["type"].Value)).ToHashSet();

        // Some of the platform's only appear when there is something to tell, and what only one daemon has its own tests hold.
        var missing = exported.Where(metric => !documented.Contains(metric));
        var untrue = documented.Where(metric => !exported.Contains(metric) && !metric.Item1.StartsWith("dotnet_", StringComparison.Ordinal) && !metric.Item1.StartsWith("wecan_controller_", StringComparison.Ordinal));
        Assert.Equal("", string.Join('\n', missing.Select(metric => $"not on the page: {metric}").Concat(untrue.Select(metric => $"not exported: {metric}"))));
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_say()
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        if (promtool is null)
            Assert.Skip("promtool is missing: install the Debian package prometheus.");

        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await check.StandardInput.WriteAsync(await ScrapeAsync());
        check.StandardInput.Close();
        var said = await check.StandardError.ReadToEndAsync() + await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();

        Assert.Equal("", said);
        Assert.Equal(0, check.ExitCode);
    }

    private static async Task<string> ScrapeAsync()
    {
        await using var daemon = TestDaemon.Echo("--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        using var http = await MetricsServerTests.Client(daemon);
        return await http.GetStringAsync("/metrics");
    }

    [GeneratedRegex(@"^# TYPE (?<name>\w+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Types();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rows();
}
