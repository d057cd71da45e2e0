using System.Diagnostics;
using System.Text.RegularExpressions;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>What nodes measure reaches the controller, and what it computes reaches them and their disks; operators and scrapers see it.</summary>
public sealed partial class RoutingTests
{
    [Fact]
    public async Task Routes_come_to_every_node_and_stay_on_its_disk()
    {
        using var network = await TestNetwork.MakeAsync();
        var token = await network.TokenAsync("relay", "--uses", "3");
        string[] names = ["relay-a", "relay-b", "relay-c"];
        var nodes = names.Select(name => network.Start(name, token)).ToList();
        foreach (var node in nodes)
            await node.LoggedAsync("stands", count: 2);

        var shown = await UntilAsync(() => network.AskAsync("route", "show", "1", "2"), text => text.Contains("by 3", StringComparison.Ordinal) && text.Contains("direct", StringComparison.Ordinal));
        Assert.Contains("rank", shown, StringComparison.Ordinal);
        var links = await UntilAsync(() => network.AskAsync("link", "list"), text => text.Split('\n').Length == 7);
        Assert.Contains("good", links, StringComparison.Ordinal);
        await UntilAsync(
            async () =>
            {
                await network.AskAsync("node", "list");
                return names.Count(name => new FileInfo(Path.Combine(network.Folder(name), "routes")) is { Exists: true, Length: > 20 });
            },
            count => count == names.Length);
    }

    [Fact]
    public async Task The_page_names_what_a_controller_exports_with_its_type()
    {
        using var network = await TestNetwork.MakeAsync();
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://{network.ControllerMetrics}/metrics"));
        var exported = Types().Matches(text).Select(type => (type.Groups["name"].Value, type.Groups["type"].Value)).Where(metric => metric.Item1.StartsWith("wecan_controller_", StringComparison.Ordinal));
        var page = await File.ReadAllTextAsync(Path.Combine(ProjectPrograms.Root, "docs", "metrics.md"));
        Assert.Equal(Rows().Matches(page).Select(row => (row.Groups["name"].Value, row.Groups["type"].Value)).Order(), exported.Order());
        Assert.Contains("wecan_controller_refused_total{reason=\"not_allowed\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("wecan_controller_members 0", text, StringComparison.Ordinal);
    }

    /// <summary>Asks again and again, which takes a moment each time, until the answer is as wanted.</summary>
    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer))
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(start) < DaemonProcess.Bound, $"It still is: {answer}");
            await Task.Yield();
        }
    }

    [GeneratedRegex(@"^# TYPE (?<name>\w+) (?<type>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Types();

    [GeneratedRegex(@"^\| `(?<name>wecan_controller_\w+)` \| (?<type>\w+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rows();
}
