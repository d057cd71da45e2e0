using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Authority;
using WeCan.Controller.Inspection;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Service;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>docs/inspection.md on a real controller: who may ask what over TLS, what is answered, and what the rest hears.</summary>
public sealed class InspectionTests : ApiSuite
{
    [Fact]
    public async Task A_token_opens_what_its_role_may_and_no_more_and_who_has_none_hears_why()
    {
        await using var service = await StartAsync();
        var viewer = await TokenAsync("viewer", "grafana");
        await RefusedAsync(HttpStatusCode.Unauthorized, "This asks for a token", "GET", "/v1/status", null);
        await RefusedAsync(HttpStatusCode.Unauthorized, "cut or mistyped", "GET", "/v1/status", viewer[..^1]);
        await RefusedAsync(HttpStatusCode.Unauthorized, "none of this network's", "GET", "/v1/status", ApiToken.Draw().Reveal());
        await RefusedAsync(HttpStatusCode.Forbidden, "The token \"grafana\" is for a viewer, and this is for an operator.", "GET", "/v1/audit", viewer);
        await RefusedAsync(HttpStatusCode.Forbidden, "\"node revoke\" is for an operator", "POST", "/v1/commands", viewer, Command("node revoke", ("number", "1")));
        await RefusedAsync(HttpStatusCode.NotFound, "There is no /v1/nothing; there are", "GET", "/v1/nothing", viewer);
        await RefusedAsync(HttpStatusCode.MethodNotAllowed, "takes no DELETE", "DELETE", "/v1/nodes", viewer);
        Assert.Equal("test-net", JsonDocument.Parse(await GetAsync("/v1/status", viewer)).RootElement.GetProperty("network").GetString());

        var chief = await TokenAsync("operator", "ann");
        await RefusedAsync(HttpStatusCode.Forbidden, "is for an admin", "POST", "/v1/commands", chief, Command("api-token create", ("role", "admin")));
        await RefusedAsync(HttpStatusCode.Forbidden, "on the controller's own machine", "POST", "/v1/commands", await TokenAsync("admin", "root"), Command("backup", ("path", "/x")));
        await RefusedAsync(HttpStatusCode.BadRequest, "There is no node 7", "POST", "/v1/commands", chief, Command("node revoke", ("number", "7")));
        await RefusedAsync(HttpStatusCode.BadRequest, "This is no command", "POST", "/v1/commands", chief, "{\"command\":null}");
        await RefusedAsync(HttpStatusCode.BadRequest, "This is no command", "POST", "/v1/commands", chief, "[]");
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "bytes", "POST", "/v1/commands", chief, new string(' ', InspectionLimits.RequestBytes + 1));

        var id = (await AskAsync("api-token list")).Split('\n').Single(line => line.Contains("grafana", StringComparison.Ordinal)).Split(' ')[0];
        Assert.Contains("opens nothing any more", await AskAsync("api-token revoke", ("id", id)), StringComparison.Ordinal);
        await RefusedAsync(HttpStatusCode.Unauthorized, "The token \"grafana\" was revoked", "GET", "/v1/status", viewer);
    }

    [Fact]
    public async Task A_token_opens_nothing_after_its_end()
    {
        string viewer;
        await using (await StartAsync())
        {
            viewer = await TokenAsync("viewer", "grafana");
            await GetAsync("/v1/status", viewer);
        }

        await using var later = await StartAsync(new LaterTime(TimeSpan.FromHours(2)));
        await RefusedAsync(HttpStatusCode.Unauthorized, "The token \"grafana\" ended at", "GET", "/v1/status", viewer);
        Assert.Matches("grafana.*ended|ended.*grafana", await AskAsync("api-token list"));
    }

    /// <summary>As a browser or a scraper wants it: a certificate of an authority that it knows already.</summary>
    [Fact]
    public async Task The_operator_s_own_certificate_is_shown_and_one_that_cannot_be_used_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=wecan.example.org", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificate, secret) = (Beside("api.pem"), Beside("api.key"));
        await File.WriteAllTextAsync(certificate, own.ExportCertificatePem());
        await File.WriteAllTextAsync(secret, key.ExportPkcs8PrivateKeyPem());
        await using (await StartAsync(api: new(new(IPAddress.Loopback, 0), certificate, secret)))
        {
            var token = await TokenAsync("viewer", "grafana");
            using var http = Client(shown => shown?.GetCertHashString() == own.GetCertHashString());
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status") { Headers = { Authorization = new("Bearer", token) } };
            using var answer = await http.SendAsync(request, Time);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await File.WriteAllTextAsync(secret, "no key");
        var refused = await Assert.ThrowsAsync<DaemonException>(() => StartAsync(api: new(new(IPAddress.Loopback, 0), certificate, secret)));
        Assert.Equal(ExitCodes.Config, refused.ExitCode);
        Assert.StartsWith($"The API's certificate {certificate} with the key {secret} cannot be used: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_leads_says_so_to_the_other_controllers_of_its_network_and_is_believed_by_them_alone()
    {
        await using var service = await StartAsync();
        using var authority = NetworkAuthority.Open(Data, TimeProvider.System);
        string[] addresses = ["127.0.0.1:1", service.Address.ToString()];
        Assert.Equal("c1", await new OtherControllers("c2", addresses, authority.Verifier(TimeProvider.System)).LeaderAsync(Time));

        // Its own address is among them, and while its loop waits for a database it still says that it leads.
        Assert.Null(await new OtherControllers("c1", addresses, authority.Verifier(TimeProvider.System)).LeaderAsync(Time));

        var foreign = new DataFolder(Beside("foreign"));
        NetworkInit.Run(foreign, "foreign", "c9", DateTimeOffset.UtcNow);
        using var stranger = NetworkAuthority.Open(foreign, TimeProvider.System);
        Assert.Null(await new OtherControllers("c2", addresses, stranger.Verifier(TimeProvider.System)).LeaderAsync(Time));
    }

    [Fact]
    public async Task Every_change_is_kept_with_who_made_it_also_after_a_restart()
    {
        string chief;
        await using (await StartAsync())
        {
            chief = await TokenAsync("operator", "ann");
            Assert.Contains("wecan1.", await SendAsync("POST", "/v1/commands", chief, Command("token create", ("role", "relay"))), StringComparison.Ordinal);
        }

        await using var again = await StartAsync();
        var changes = JsonSerializer.Deserialize(await GetAsync("/v1/audit", chief), InspectionJson.Default.AuditReport)!.Changes;
        Assert.Equal([1, 2], changes.Select(change => change.Id));
        Assert.Matches("^made API token [0-9a-f]{16} \\(ann\\) for an operator, until ", changes[0].What);
        Assert.Matches("^user [0-9]+ of this machine$", changes[0].Who);
        Assert.Matches("^ann \\(API token [0-9a-f]{16}\\)$", changes[1].Who);
        Assert.StartsWith("made token ", changes[1].What, StringComparison.Ordinal);
        Assert.DoesNotContain("wecan1.", changes[1].What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_too_often_waits()
    {
        await using var service = await StartAsync();
        var (first, second) = (await TokenAsync("viewer", "busy"), await TokenAsync("viewer", "calm"));
        HttpResponseMessage answer;
        var asked = 0;
        while ((answer = await AskHttpAsync("GET", "/v1/status", first)).StatusCode == HttpStatusCode.OK)
            Assert.True(++asked < 10 * InspectionLimits.RequestsAtOnce, "Nobody held it up.");
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("1", answer.Headers.RetryAfter!.ToString());
        Assert.Contains("asks too often", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(asked, InspectionLimits.RequestsAtOnce, int.MaxValue);
        await GetAsync("/v1/status", second);

        for (var i = 0; i < InspectionLimits.WrongTokensPerMinute; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskHttpAsync("GET", "/v1/status", "wrong")).StatusCode);
        await RefusedAsync(HttpStatusCode.TooManyRequests, "wait a minute", "GET", "/v1/status", "wrong");
        await GetAsync("/v1/status", second);
    }

    [Fact]
    public async Task Nodes_come_and_go_as_events_and_who_comes_back_gets_what_it_missed()
    {
        await using var service = await StartAsync();
        var viewer = await TokenAsync("viewer", "grafana");
        var enrolment = await AskAsync("token create", ("role", "relay"), ("uses", "3"));
        using var one = new TestNode();
        long last;
        using (var events = await FollowAsync(viewer, null))
        {
            Assert.Null(await one.EnrolAsync(enrolment, service.Address, Time));
            var joined = await NextAsync(events, "node_joined");
            Assert.Equal(("Node 1 joined as a relay.", 1), (joined.Text, joined.Nodes.Single()));
            last = joined.Id;
        }

        using var two = new TestNode();
        Assert.Null(await two.EnrolAsync(enrolment, service.Address, Time));
        await AskAsync("node revoke", ("number", "1"));
        using var again = await FollowAsync(viewer, last);
        Assert.Equal("Node 2 joined as a relay.", (await NextAsync(again, "node_joined")).Text);
        Assert.Equal("Node 1 was revoked.", (await NextAsync(again, "node_revoked")).Text);
        using var lost = await FollowAsync(viewer, 7);
        Assert.Contains("not kept any more", (await NextAsync(lost, "gap")).Text, StringComparison.Ordinal);

        var nodes = JsonSerializer.Deserialize(await GetAsync("/v1/nodes", viewer), InspectionJson.Default.NodesReport)!.Nodes;
        Assert.Equal((2, "relay", false), (nodes.Single().Number, nodes.Single().Role, nodes.Single().IsConnected));
        await RefusedAsync(HttpStatusCode.NotFound, "There is no node \"x\"", "GET", "/v1/links?node=x", viewer);
        await RefusedAsync(HttpStatusCode.BadRequest, "write from=NODE and to=NODE", "GET", "/v1/route?from=2", viewer);
        await RefusedAsync(HttpStatusCode.NotFound, "There is no node \"1\"", "GET", "/v1/route?from=2&to=1", viewer);
        await RefusedAsync(HttpStatusCode.BadRequest, "the same node", "GET", "/v1/route?from=2&to=2", viewer);
        await RefusedAsync(HttpStatusCode.BadRequest, "at most 16", "GET", $"/v1/route?from=2&to=2&without={string.Join(',', Enumerable.Repeat('2', 17))}", viewer);
    }

    [Fact]
    public async Task Who_is_told_of_is_named_by_number_and_name_in_events_in_the_log_and_in_what_was_changed()
    {
        await using var service = await StartAsync();
        var viewer = await TokenAsync("operator", "ann");
        using var node = new TestNode();
        using var events = await FollowAsync(viewer, null);
        Assert.Null(await node.EnrolAsync(await AskAsync("token create", ("role", "relay"), ("name", "relay-a")), service.Address, Time));
        using var goes = CancellationTokenSource.CreateLinkedTokenSource(Time);
        var serving = node.ServeAsync(service.Address, _ => false, goes.Token);
        Assert.Equal("Node 1 (relay-a) connected.", (await NextAsync(events, "node_connected")).Text);
        await goes.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.Equal("Node 1 (relay-a) is not connected any more.", (await NextAsync(events, "node_disconnected")).Text);
        Assert.StartsWith("Node 1 (relay-a) is no member any more", await AskAsync("node revoke", ("number", "1")), StringComparison.Ordinal);
        Assert.Equal("revoked node 1 (relay-a)", JsonSerializer.Deserialize(await GetAsync("/v1/audit", viewer), InspectionJson.Default.AuditReport)!.Changes[^1].What);
        foreach (var line in (string[])["Node 1 (relay-a) joined as Relay with token ", "Node 1 (relay-a) connected from ", "Node 1 (relay-a) went: "])
            Assert.Contains(Log.Lines, logged => logged.StartsWith(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_document_tells_of_all_that_is_served_and_is_for_everybody()
    {
        await using var service = await StartAsync();
        var viewer = await TokenAsync("viewer", "grafana");
        using var document = JsonDocument.Parse(await GetAsync(InspectionDesk.Document, null));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal).ToList();
        var refusal = JsonDocument.Parse(await (await AskHttpAsync("GET", "/v1/nothing", viewer)).Content.ReadAsStringAsync());
        Assert.Contains(string.Join(", ", paths), refusal.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        var nodes = document.RootElement.GetProperty("paths").GetProperty("/v1/nodes").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.True(nodes.GetProperty("properties").GetProperty("nodes").GetProperty("items").GetProperty("properties").TryGetProperty("is_connected", out _));
    }

    private async Task<StreamReader> FollowAsync(string token, long? after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (after is { } id)
            request.Headers.Add("Last-Event-ID", $"{id}");
        var response = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Time);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Time));
        Assert.StartsWith(":", await reader.ReadLineAsync(Time), StringComparison.Ordinal);
        return reader;
    }

    private async Task<EventEntry> NextAsync(StreamReader events, string kind)
    {
        while (true)
        {
            var line = await events.ReadLineAsync(Time) ?? throw new EndOfStreamException();
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonSerializer.Deserialize(line["data: ".Length..], InspectionJson.Default.EventEntry) is { } entry && entry.Kind == kind)
                return entry;
        }
    }
}
