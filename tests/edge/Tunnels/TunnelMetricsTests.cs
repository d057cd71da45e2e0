using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WeCan.Edge.Tunnels;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/metrics.md names what tunnels export, with each reason, and nothing besides.</summary>
public sealed partial class TunnelMetricsTests
{
    [Fact]
    public async Task ThePageNamesWhatTunnelsExport()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/metrics.md"));
        var documented = Rows().Matches(page).Select(row => $"{row.Groups["name"].Value} {row.Groups["type"].Value}").Order(StringComparer.Ordinal);
        var exported = new SortedSet<string>(StringComparer.Ordinal);
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name != "WeCan.Edge.Tunnels")
                    return;
                exported.Add($"{instrument.Name}{(instrument is ObservableCounter<long> ? "_total counter" : " gauge")}");
                listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                reasons.Add((string)tag.Value!);
        });
        listener.Start();
        using var metrics = new TunnelMetrics(new TunnelCounters());
        listener.RecordObservableInstruments();

        Assert.Equal(string.Join('\n', documented), string.Join('\n', exported));
        Assert.All(reasons, reason => Assert.Contains($"`{reason}`", page, StringComparison.Ordinal));
        Assert.InRange(reasons.Count, 15, 30);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^\| `(?<name>wecan_tunnel_\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rows();
}
