using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>Holds docs/metrics.md against what a relay and an edge export, and that against Prometheus' own check and against what happened.</summary>
public sealed partial class MetricsTests
{
    private const string WithoutWay = "wecan_controller_pairs_without_way{class=\"realtime\"}";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_page_names_what_relays_and_edges_export_and_promtool_finds_nothing_to_say()
    {
        using var network = await TestNetwork.MakeAsync();
        var ports = (string[])[$"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}", $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}"];
        var relay = network.StartShown("relay-a", await network.TokenAsync("relay"), ports[0]);
        await relay.LoggedAsync("Enrolled as node 1");
        var (certificate, key) = (network.Folder("certificate.pem"), network.Folder("key.pem"));
        WebTests.WriteCertificate(certificate, key, "127.0.0.1", days: 30);
        var edge = network.StartShown("edge-a", await network.TokenAsync("edge"), ports[1], "--bus.web.listen", $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}", "--bus.web.certificate", certificate, "--bus.web.key", key);
        await relay.LoggedAsync(Lines.Linked);
        await edge.LoggedAsync(Lines.Linked);
        await relay.LoggedAsync(Lines.Ready);
        await edge.LoggedAsync(Lines.Ready);

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (ofRelay, ofEdge) = (await http.GetStringAsync(new Uri($"http://{ports[0]}/metrics")), await http.GetStringAsync(new Uri($"http://{ports[1]}/metrics")));
        Assert.Equal("", string.Join('\n', Differences("Relays and edges", ofRelay).Concat(Differences("Relays and edges", ofEdge))));
        foreach (var section in (string[])["What an edge's tunnels count", "What an edge's bus counts"])
            Assert.Equal("", string.Join('\n', Differences(section, ofEdge).Concat(ReasonsAmiss(section, ofEdge))));
        Assert.Equal(1, Value(ofRelay, "wecan_links"));
        Assert.Equal(1, Value(ofRelay, "wecan_control_connected"));
        Assert.Equal(1, Value(ofRelay, "wecan_members{role=\"edge\"}"));
        Assert.True(Value(ofRelay, "wecan_link_rtt_seconds{peer=\"2\"}") > 0);
        Assert.True(Value(ofEdge, "wecan_links_datagrams_total{direction=\"in\"}") > 0);
        Assert.True(Value(ofEdge, "wecan_driver_transferred_bytes_total{direction=\"out\"}") > 0);
        var ofController = await http.GetStringAsync(new Uri($"http://{network.ControllerMetrics}/metrics"));
        Assert.Equal("", string.Join('\n', Differences("What a controller has", ofController)));

        // Nodes that have just come have a way to each other with their next reports.
        for (var start = Stopwatch.GetTimestamp(); Value(ofController, WithoutWay) > 0 && Stopwatch.GetElapsedTime(start) < Bound;)
            ofController = await http.GetStringAsync(new Uri($"http://{network.ControllerMetrics}/metrics"));
        Assert.Equal((0, 0), (Value(ofController, WithoutWay), Value(ofController, "wecan_controller_nodes_maintained")));
        await PromtoolAgrees(ofController);
        await PromtoolAgrees(ofRelay);
        await PromtoolAgrees(ofEdge);
    }

    /// <summary>What a section of the page and an export do not have in common, each with its type.</summary>
    private static IEnumerable<string> Differences(string section, string export)
    {
        var page = File.ReadAllText(Path.Combine(ProjectPrograms.Root, "docs", "metrics.md")).Split("\n## ");
        var ofSection = RowsOf(page.Single(part => part.StartsWith(section + "\n", StringComparison.Ordinal)));
        var ofAll = page.SelectMany(RowsOf).ToHashSet();
        var exported = Types().Matches(export).Select(type => (type.Groups["name"].Value, type.Groups["type"].Value)).ToHashSet();
        return exported.Except(ofAll).Select(metric => $"not on the page: {metric}").Concat(ofSection.Except(exported).Select(metric => $"not exported: {metric}"));
    }

    /// <summary>The metrics of a section of which the page names other reasons than are exported.</summary>
    private static IEnumerable<string> ReasonsAmiss(string section, string export)
    {
        var page = File.ReadAllText(Path.Combine(ProjectPrograms.Root, "docs", "metrics.md")).Split("\n## ").Single(part => part.StartsWith(section + "\n", StringComparison.Ordinal));
        foreach (var row in Reasons().Matches(page).Cast<Match>())
        {
            var (metric, named) = (row.Groups["name"].Value, row.Groups["reasons"].Value.Split(',').Select(reason => reason.Trim(' ', '`')).Order(StringComparer.Ordinal).ToList());
            var exported = export.Split('\n').Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal)).Select(line => Reason().Match(line).Groups["reason"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (!named.SequenceEqual(exported, StringComparer.Ordinal))
                yield return $"{metric} has the reasons {string.Join(", ", exported)}, and on the page {string.Join(", ", named)}";
        }
    }

    private static HashSet<(string, string)> RowsOf(string text) => [.. Rows().Matches(text).Select(row => (row.Groups["name"].Value, row.Groups["type"].Value))];

    private static double Value(string export, string series)
    {
        var line = export.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(series.Length + 1), CultureInfo.InvariantCulture);
    }

    private static async Task PromtoolAgrees(string export)
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        if (promtool is null)
            Assert.Skip("promtool is missing: install the Debian package prometheus.");
        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await check.StandardInput.WriteAsync(export);
        check.StandardInput.Close();
        Assert.Equal("", await check.StandardError.ReadToEndAsync() + await check.StandardOutput.ReadToEndAsync());
        await check.WaitForExitAsync();
        Assert.Equal(0, check.ExitCode);
    }

    [GeneratedRegex(@"^# TYPE (?<name>\w+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Types();

    [GeneratedRegex(@"^\| `(?<name>\w+)` .*by `reason` \((?<reasons>[^)]+)\)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reasons();

    [GeneratedRegex(@"reason=""(?<reason>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rows();
}
