using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Tests.Service;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>docs/policy.md, versions, on a real controller: set, gone back to, compared and refused over its API.</summary>
public sealed class PolicyTests : ApiSuite
{
    private const string Slower = """{"relay_time":"2ms"}""";
    private const string Damped = """{"relay_time":"2ms","damping":{"least_gain":0.5}}""";

    [Fact]
    public async Task Each_change_is_a_version_that_can_be_shown_compared_and_gone_back_to_also_after_a_restart()
    {
        string ann;
        await using (await StartAsync())
        {
            ann = await TokenAsync("operator", "ann");
            var none = await PolicyAsync("/v1/policy", ann);
            Assert.Equal((0, null, "{}"), (none.Version, none.At, none.Document.GetRawText()));
            var first = await SetAsync(ann, 0, Slower, "relays%20are%20far");
            Assert.Equal((1, true, "relay_time - \"2ms\""), (first.Version, first.IsNew, Text(first.Changes)));
            Assert.Equal((1, false, ""), await SetAsync(ann, 1, $" // the same\n{Slower}") is var same ? (same.Version, same.IsNew, Text(same.Changes)) : default);
            Assert.Equal("damping - {\"least_gain\":0.5}", Text((await SetAsync(ann, 1, Damped)).Changes));
            Assert.Equal("relay_time \"2ms\" -, damping {\"least_gain\":0.5} -", Text(JsonSerializer.Deserialize(await SendAsync("POST", "/v1/policy/rollback?version=0&expected=2", ann, null), InspectionJson.Default.PolicySetReport)!.Changes));
            Assert.Equal(3, (await PolicyAsync("/v1/policy", ann)).Version);
        }

        await using var again = await StartAsync();
        Assert.Equal((3, "{}"), await PolicyAsync("/v1/policy", ann) is var newest ? (newest.Version, newest.Document.GetRawText()) : default);
        Assert.Equal("{\"relay_time\":\"2ms\",\"damping\":{\"least_gain\":0.5}}", (await PolicyAsync("/v1/policy/versions/2", ann)).Document.GetRawText());
        var history = JsonSerializer.Deserialize(await GetAsync("/v1/policy/versions", ann), InspectionJson.Default.PolicyVersionsReport)!;
        Assert.Equal([(3, "back to version 0", 2), (2, "", 1), (1, "relays are far", 1)], history.Versions.Select(version => (version.Version, version.Comment, version.Changes!.Value)));
        Assert.Equal(1, history.Oldest);
        Assert.All(history.Versions, version => Assert.Matches("^ann \\(API token [0-9a-f]{16}\\)$", version.Who));
        Assert.Equal([(3, 2)], JsonSerializer.Deserialize(await GetAsync("/v1/policy/versions?last=1", ann), InspectionJson.Default.PolicyVersionsReport)!.Versions.Select(version => (version.Version, version.Changes!.Value)));
        Assert.Equal((2, 3, 2), await DiffAsync(ann, "") is var last ? (last.From, last.To, last.Changes.Count) : default);
        Assert.Equal((1, 2, "damping - {\"least_gain\":0.5}"), await DiffAsync(ann, "?from=1&to=2") is var middle ? (middle.From, middle.To!.Value, Text(middle.Changes)) : default);
        Assert.Equal((1, 3, "relay_time \"2ms\" -"), await DiffAsync(ann, "?from=1") is var since ? (since.From, since.To!.Value, Text(since.Changes)) : default);
        var sent = JsonSerializer.Deserialize(await SendAsync("POST", "/v1/policy/diff?from=2", ann, Slower), InspectionJson.Default.PolicyDiffReport)!;
        Assert.Equal((2, null, "damping {\"least_gain\":0.5} -"), (sent.From, sent.To, Text(sent.Changes)));
        var audit = JsonSerializer.Deserialize(await GetAsync("/v1/audit", ann), InspectionJson.Default.AuditReport)!.Changes;
        Assert.Equal(["set version 1 of the policy: relays are far", "set version 2 of the policy", "set version 3 of the policy: back to version 0"], audit.Skip(1).Select(change => change.What), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Who_has_not_seen_the_newest_version_replaces_nothing()
    {
        await using var service = await StartAsync();
        var ann = await TokenAsync("operator", "ann");
        await SetAsync(ann, 0, Slower);
        await RefusedAsync(HttpStatusCode.Conflict, "It is version 1 by now, and not 0: look at the difference (\"wecan policy diff 0\"), then set again.", "PUT", "/v1/policy?expected=0", ann, Damped);
        await RefusedAsync(HttpStatusCode.Conflict, "It is version 1 by now, and not 7", "POST", "/v1/policy/rollback?version=0&expected=7", ann);
        await RefusedAsync(HttpStatusCode.BadRequest, "expected to replace is not said: write its number", "PUT", "/v1/policy", ann, Damped);
        await RefusedAsync(HttpStatusCode.BadRequest, "expected to replace is not said: write its number", "PUT", "/v1/policy?expected=-1", ann, Damped);
        Assert.Equal(1, (await PolicyAsync("/v1/policy", ann)).Version);

        // Of many at once one is first, and every other one hears of it.
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(async each =>
        {
            using var response = await AskHttpAsync("PUT", "/v1/policy?expected=1", ann, $$"""{"relay_time":"{{each}}us"}""");
            return response.StatusCode;
        }));
        Assert.Equal((1, 19), (answers.Count(status => status == HttpStatusCode.OK), answers.Count(status => status == HttpStatusCode.Conflict)));
        Assert.Equal(2, (await PolicyAsync("/v1/policy", ann)).Version);
    }

    [Fact]
    public async Task What_is_no_policy_is_refused_by_name_and_changes_nothing()
    {
        await using var service = await StartAsync();
        var ann = await TokenAsync("operator", "ann");
        var (grafana, set) = (await TokenAsync("viewer", "grafana"), "/v1/policy?expected=0");
        foreach (var (method, path) in ((string, string)[])[("PUT", set), ("POST", "/v1/policy/try"), ("POST", "/v1/policy/rollback?version=0&expected=0"), ("POST", "/v1/maintenance/begin?what=node&name=1"), ("POST", "/v1/maintenance/end?what=node&name=1")])
            await RefusedAsync(HttpStatusCode.Forbidden, "is for a viewer, and this is for an operator", method, path, grafana, "{}");
        await RefusedAsync(HttpStatusCode.BadRequest, "No policy was sent", "PUT", set, ann, " \n");
        await RefusedAsync(HttpStatusCode.BadRequest, "This policy is not taken: policy:1: \"relay_tim\" is no key that a policy has", "PUT", set, ann, """{"relay_tim":"1ms"}""");
        await RefusedAsync(HttpStatusCode.BadRequest, "stands here for the second time", "PUT", set, ann, """{"relay_time":"1ms","relay_time":"2ms"}""");
        await RefusedAsync(HttpStatusCode.BadRequest, "this is no JSON", "POST", "/v1/policy/try", ann, "{");
        await RefusedAsync(HttpStatusCode.BadRequest, "this is no JSON", "PUT", set, ann, string.Concat(Enumerable.Repeat("{\"links\":[", 20_000)));
        await RefusedAsync(HttpStatusCode.BadRequest, "There are 7 more problems.", "PUT", set, ann, $$"""{"nodes":[{{string.Join(',', Enumerable.Repeat("{\"capacity\":\"x\"}", 12))}}]}""");
        await RefusedAsync(HttpStatusCode.BadRequest, "The comment has 501 letters: use at most 500.", "PUT", $"{set}&comment={new string('x', 501)}", ann, Slower);
        await RefusedAsync(HttpStatusCode.BadRequest, "write it on one line", "PUT", $"{set}&comment=a%0Ab", ann, Slower);
        await RefusedBytesAsync(HttpStatusCode.RequestEntityTooLarge, "larger than the 256 KiB", ann, new byte[ApiLimits.PolicyBytes + 1]);
        await RefusedBytesAsync(HttpStatusCode.RequestEntityTooLarge, "larger than the 256 KiB", ann, new byte[2 * ApiLimits.PolicyBytes]);
        await RefusedBytesAsync(HttpStatusCode.BadRequest, "not in UTF-8", ann, Encoding.Unicode.GetBytes(Slower));
        await RefusedBytesAsync(HttpStatusCode.BadRequest, "not in UTF-8", ann, [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Slower)]);
        await RefusedBytesAsync(HttpStatusCode.BadRequest, "not in UTF-8", ann, Encoding.Latin1.GetBytes("""{"nodes":[{"node":"jürgen","maintenance":true}]}"""));
        await RefusedBytesAsync(HttpStatusCode.BadRequest, "not valid UTF-8", ann, Encoding.UTF8.GetBytes("""{"nodes":[{"node":"\ud800","maintenance":true}]}"""));
        await RefusedAsync(HttpStatusCode.NotFound, "There is no version 7 of the policy", "GET", "/v1/policy/versions/7", grafana);
        await RefusedAsync(HttpStatusCode.BadRequest, "\"x\" is no version of the policy", "GET", "/v1/policy/versions/x", grafana);
        await RefusedAsync(HttpStatusCode.NotFound, "There is no /v1/policy/versions/1/2", "GET", "/v1/policy/versions/1/2", grafana);
        await RefusedAsync(HttpStatusCode.NotFound, "There is no version 99999", "GET", "/v1/policy/diff?from=99999", grafana);
        await RefusedAsync(HttpStatusCode.BadRequest, "write a whole number, as 20", "GET", "/v1/policy/versions?last=0", grafana);
        await RefusedAsync(HttpStatusCode.BadRequest, "write version=3", "POST", "/v1/policy/rollback?expected=0", ann);
        Assert.Equal(0, (await PolicyAsync("/v1/policy", grafana)).Version);

        // A mark before the text is no fault, and the largest that is read is read.
        await RefusedBytesAsync(HttpStatusCode.OK, "", ann, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Slower.PadRight(ApiLimits.PolicyBytes - 3))]);
    }

    [Fact]
    public async Task Maintenance_begins_and_ends_by_name_and_each_is_a_version()
    {
        await using var service = await StartAsync();
        var ann = await TokenAsync("operator", "ann");
        var enrolment = await AskAsync("token create", ("role", "relay"), ("region", "eu"), ("uses", "3"));
        using var nodes = new Nodes(3);
        foreach (var node in nodes.All)
            Assert.Null(await node.EnrolAsync(enrolment, service.Address, Time));
        await RefusedAsync(HttpStatusCode.BadRequest, "There is no such node \"9\"", "POST", "/v1/maintenance/begin?what=node&name=9", ann);
        await RefusedAsync(HttpStatusCode.BadRequest, "No node is of the region \"mars\"", "POST", "/v1/maintenance/begin?what=region&name=mars", ann);
        await RefusedAsync(HttpStatusCode.BadRequest, "write its two nodes", "POST", "/v1/maintenance/begin?what=link&name=1", ann);
        await RefusedAsync(HttpStatusCode.BadRequest, "write node, link, region, site or operator", "POST", "/v1/maintenance/begin?what=planet&name=1", ann);
        await RefusedAsync(HttpStatusCode.BadRequest, "The node 1 is not in maintenance", "POST", "/v1/maintenance/end?what=node&name=1", ann);

        Assert.Equal("nodes[0] - {\"node\":\"1\",\"maintenance\":true}", Text((await MaintainAsync(ann, "begin?what=node&name=1&comment=disk")).Changes));
        await RefusedAsync(HttpStatusCode.BadRequest, "The node 1 is in maintenance already", "POST", "/v1/maintenance/begin?what=node&name=1", ann);
        foreach (var wrong in (string[])["0s", "-2h", "500ms", "soon", "366d"])
            await RefusedAsync(HttpStatusCode.BadRequest, $"\"{wrong}\" is no time for maintenance to last: write it as 30m or 2h, at most 365d.", "POST", $"/v1/maintenance/begin?what=node&name=2&for={wrong}", ann);
        await MaintainAsync(ann, "begin?what=link&name=2/3");
        await RefusedAsync(HttpStatusCode.BadRequest, "The link 3/2 is in maintenance already", "POST", "/v1/maintenance/begin?what=link&name=3/2", ann);
        await MaintainAsync(ann, "begin?what=region&name=eu");
        var all = JsonSerializer.Deserialize(await GetAsync("/v1/maintenance", ann), InspectionJson.Default.MaintenanceReport)!;
        Assert.Equal((3, "node 1 1, region eu 3, link 2/3 2"), (all.Version, string.Join(", ", all.Entries.Select(entry => $"{entry.What} {entry.Name} {entry.Nodes}"))));
        Assert.Contains("The node 1 is still in maintenance, by another rule: \"wecan maintenance list\" shows which.", (await MaintainAsync(ann, "end?what=node&name=1")).Warnings, StringComparer.Ordinal);
        await RefusedAsync(HttpStatusCode.BadRequest, "by a rule that means more than it", "POST", "/v1/maintenance/end?what=node&name=1", ann);
        Assert.DoesNotContain((await MaintainAsync(ann, "end?what=region&name=eu")).Warnings, warning => warning.Contains("still in maintenance", StringComparison.Ordinal));
        await MaintainAsync(ann, "end?what=link&name=3/2");
        var history = JsonSerializer.Deserialize(await GetAsync("/v1/policy/versions", ann), InspectionJson.Default.PolicyVersionsReport)!;
        Assert.Equal(["maintenance of link 3/2 ends", "maintenance of region eu ends", "maintenance of node 1 ends", "maintenance of region eu begins", "maintenance of link 2/3 begins", "disk"], history.Versions.Select(version => version.Comment), StringComparer.Ordinal);
        Assert.Equal("{}", (await PolicyAsync("/v1/policy", ann)).Document.GetRawText());

        // What has an end gets another one without a rule more, and within a wider rule there is none of its own to change.
        Assert.Matches("^nodes\\[0\\] - \\{\"node\":\"2\",\"maintenance\":true,\"until\":\"20..-..-..T..:..:..Z\"\\}$", Text((await MaintainAsync(ann, "begin?what=node&name=2&for=2h")).Changes));
        var entry = JsonSerializer.Deserialize(await GetAsync("/v1/maintenance", ann), InspectionJson.Default.MaintenanceReport)!.Entries.Single();
        Assert.InRange(entry.Until!.Value - DateTimeOffset.UtcNow, TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));
        Assert.Matches("^nodes\\[0\\].until \"20.*\" \"20.*\"$", Text((await MaintainAsync(ann, "begin?what=node&name=2&for=3h")).Changes));
        Assert.Matches("^nodes\\[0\\].until \"20.*\" -$", Text((await MaintainAsync(ann, "begin?what=node&name=2")).Changes));
        await RefusedAsync(HttpStatusCode.BadRequest, "The node 2 is in maintenance already", "POST", "/v1/maintenance/begin?what=node&name=2", ann);
        await MaintainAsync(ann, "end?what=node&name=2");
        await MaintainAsync(ann, "begin?what=region&name=eu&for=1h");
        await RefusedAsync(HttpStatusCode.BadRequest, "The node 2 is in maintenance already", "POST", "/v1/maintenance/begin?what=node&name=2&for=2h", ann);
        await MaintainAsync(ann, "end?what=region&name=eu");

        // It ends by itself.
        await MaintainAsync(ann, "begin?what=node&name=2&for=1s");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        PolicyReport newest;
        while ((newest = await PolicyAsync("/v1/policy", ann)).Version != 14)
            await look.WaitForNextTickAsync(Time);
        Assert.Equal(("{}", "controller c1", "maintenance of node 2 ended, as its time was over"), (newest.Document.GetRawText(), newest.Who, newest.Comment));
        Assert.Contains("Version 14 of the policy: maintenance of node 2 ended, as its time was over", Log.Lines, StringComparer.Ordinal);

        // Several at once come one after the other.
        await Task.WhenAll(Enumerable.Range(1, 3).Select(node => MaintainAsync(ann, $"begin?what=node&name={node}")));
        Assert.Equal(17, (await PolicyAsync("/v1/policy", ann)).Version);
    }

    private async Task<PolicyReport> PolicyAsync(string path, string token) => JsonSerializer.Deserialize(await GetAsync(path, token), InspectionJson.Default.PolicyReport)!;

    private async Task<PolicySetReport> SetAsync(string token, long expected, string document, string comment = "") =>
        JsonSerializer.Deserialize(await SendAsync("PUT", $"/v1/policy?expected={expected}&comment={comment}", token, document), InspectionJson.Default.PolicySetReport)!;

    private async Task<PolicySetReport> MaintainAsync(string token, string change) =>
        JsonSerializer.Deserialize(await SendAsync("POST", $"/v1/maintenance/{change}", token, null), InspectionJson.Default.PolicySetReport)!;

    private async Task<PolicyDiffReport> DiffAsync(string token, string query) => JsonSerializer.Deserialize(await GetAsync($"/v1/policy/diff{query}", token), InspectionJson.Default.PolicyDiffReport)!;

    private static string Text(IReadOnlyList<PolicyChangeEntry> changes) =>
        string.Join(", ", changes.Select(change => $"{change.Path} {change.Before?.GetRawText() ?? "-"} {change.After?.GetRawText() ?? "-"}"));

    private async Task RefusedBytesAsync(HttpStatusCode status, string sentence, string token, byte[] body)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/policy?expected=0") { Content = new ByteArrayContent(body), Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await http.SendAsync(request, Time);
        var text = await response.Content.ReadAsStringAsync(Time);
        Assert.True(status == response.StatusCode, text);
        Assert.Contains(sentence, status == HttpStatusCode.OK ? "" : JsonDocument.Parse(text).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private sealed class Nodes(int count) : IDisposable
    {
        public TestNode[] All { get; } = [.. Enumerable.Range(0, count).Select(_ => new TestNode())];

        public void Dispose() => Array.ForEach(All, node => node.Dispose());
    }
}
