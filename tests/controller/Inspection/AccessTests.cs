using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using WeCan.Contracts.Access;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>docs/messagebus.md, "Who may come", on a real controller: keys and revocations over its API.</summary>
public sealed class AccessTests : ApiSuite
{
    private const string Keys = "/v1/auth/keys";
    private const string Revocations = "/v1/auth/revocations";

    [Fact]
    public async Task Keys_and_revocations_are_there_after_a_restart_and_the_audit_log_says_who_wanted_them()
    {
        var (one, two) = (Jwk("one"), Jwk("two"));
        string ann;
        await using (await StartAsync())
        {
            ann = await TokenAsync("operator", "ann");
            var done = await ChangeAsync("POST", $"{Keys}?space=shop,bank", ann, $"{{\"keys\":[{one},{two}]}}");
            Assert.Equal((2UL, "added key \"one\" for the spaces shop, bank"), (done.Version, done.Done[0]));
            Assert.Empty((await ChangeAsync("POST", $"{Keys}?space=shop,bank", ann, one)).Done);
            Assert.Equal("bound key \"two\" to all spaces, not the spaces shop, bank", Assert.Single((await ChangeAsync("POST", $"{Keys}?all_spaces=true", ann, two)).Done));
            await ChangeAsync("POST", $"{Revocations}?space=shop&sub=ann%2F%C3%A4", ann, null);
            await ChangeAsync("POST", $"{Revocations}?space=shop&jti=t1&until={DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeSeconds()}", ann, null);
        }

        await using var service = await StartAsync();
        var keys = JsonSerializer.Deserialize(await GetAsync(Keys, ann), InspectionJson.Default.AuthKeysReport)!;
        Assert.Equal(["one shop,bank", "two "], keys.Keys.Select(key => $"{key.Kid} {string.Join(',', key.Spaces)}"), StringComparer.Ordinal);
        Assert.Equal(JsonDocument.Parse(one).RootElement.GetProperty("x").GetString(), keys.Keys[0].X);
        Assert.All(keys.Keys, key => Assert.Matches("^ann \\(API token [0-9a-f]{16}\\)$", key.Who));
        Assert.Equal((0, 0), (keys.Edges, keys.EdgesCurrent));
        Assert.Equal("two", Assert.Single(JsonSerializer.Deserialize(await GetAsync($"{Keys}?space=chat", ann), InspectionJson.Default.AuthKeysReport)!.Keys).Kid);
        var revoked = JsonSerializer.Deserialize(await GetAsync(Revocations, ann), InspectionJson.Default.AuthRevocationsReport)!;
        Assert.Equal(["shop  t1", "shop ann/ä "], revoked.Revocations.Select(entry => $"{entry.Space} {entry.Sub} {entry.Jti}"), StringComparer.Ordinal);
        Assert.InRange(revoked.Revocations[1].Until - DateTimeOffset.UtcNow, TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(30) + TimeSpan.FromMinutes(1));
        Assert.InRange(revoked.Revocations[0].Until - DateTimeOffset.UtcNow, TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));
        Assert.Equal(1, JsonSerializer.Deserialize(await GetAsync($"{Revocations}?space=shop&sub=t1&jti=t1", ann), InspectionJson.Default.AuthRevocationsReport)!.Total);

        Assert.Equal("restored the tokens of shop/ann/ä", Assert.Single((await ChangeAsync("DELETE", $"{Revocations}?space=shop&sub=ann%2F%C3%A4", ann, null)).Done));
        Assert.Equal("removed key \"one\"", Assert.Single((await ChangeAsync("DELETE", $"{Keys}?kid=one", ann, null)).Done));
        var audit = JsonSerializer.Deserialize(await GetAsync("/v1/audit", ann), InspectionJson.Default.AuditReport)!.Changes.Select(change => change.What).ToList();
        Assert.Contains("added key \"two\" for the spaces shop, bank", audit, StringComparer.Ordinal);
        Assert.Contains("revoked the token \"t1\" of the space shop", audit, StringComparer.Ordinal);
        Assert.Equal(["restored the tokens of shop/ann/ä", "removed key \"one\""], audit[^2..], StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_by_name_and_changes_nothing()
    {
        await using var service = await StartAsync();
        var (ann, grafana) = (await TokenAsync("operator", "ann"), await TokenAsync("viewer", "grafana"));
        var one = Jwk("one");
        await ChangeAsync("POST", $"{Keys}?space=shop", ann, one);
        foreach (var (method, path) in ((string, string)[])[("POST", $"{Keys}?space=shop"), ("DELETE", $"{Keys}?kid=one"), ("POST", $"{Revocations}?space=shop&sub=x"), ("DELETE", $"{Revocations}?space=shop&sub=x")])
            await RefusedAsync(HttpStatusCode.Forbidden, "is for a viewer, and this is for an operator", method, path, grafana, one);
        await BadAsync("Key \"p\" has its private half in the key set", $"{Keys}?space=shop", one.Replace("\"one\"", "\"p\",\"d\":\"AAAA\"", StringComparison.Ordinal));
        await BadAsync("This is a private key, in PEM", $"{Keys}?space=shop", "-----BEGIN PRIVATE KEY-----");
        await BadAsync("Key \"one\" is not of kind EC on P-256", $"{Keys}?space=shop", one.Replace("P-256", "P-384", StringComparison.Ordinal));
        await BadAsync("Two keys of the key set are called \"one\"", $"{Keys}?space=shop", $"{{\"keys\":[{one},{one}]}}");
        await BadAsync("There is a key \"one\" already, and it is another one", $"{Keys}?space=shop", $"{{\"keys\":[{Jwk("fresh")},{Jwk("one")}]}}");
        await BadAsync("For which spaces key \"two\" may sign is not said", Keys, Jwk("two"));
        await BadAsync("\"Shop\" is no space", $"{Keys}?space=Shop", Jwk("two"));
        await BadAsync("names its own spaces (bank), and shop is not of these", $"{Keys}?space=shop", Jwk("two", ",\"spaces\":[\"bank\"]"));
        await BadAsync("The key set holds no key", $"{Keys}?space=shop", "{\"keys\":[]}");
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "larger than the 64 KiB", "POST", $"{Keys}?space=shop", ann, new string(' ', ApiLimits.KeySetBytes + 1));
        await BadAsync("Which key to remove is not said", Keys, null, "DELETE");
        await BadAsync("There is no key \"none\"", $"{Keys}?kid=none", null, "DELETE");
        await BadAsync("Of which space is not said", $"{Revocations}?sub=ann", null);
        await BadAsync("Whose tokens is not said, or twice", $"{Revocations}?space=shop", null);
        await BadAsync("Whose tokens is not said, or twice", $"{Revocations}?space=shop&sub=a&jti=b", null);
        await BadAsync("A name has 1 to 128 bytes", $"{Revocations}?space=shop&sub={new string('x', 129)}", null);
        await BadAsync("A name has 1 to 128 bytes", $"{Revocations}?space=shop&sub=a%0Ab", null);
        await BadAsync("\"soon\" is no time", $"{Revocations}?space=shop&sub=ann&until=soon", null);
        await BadAsync("is past", $"{Revocations}?space=shop&sub=ann&until=1000", null);
        await BadAsync("is too far away: a client is shut out until", $"{Revocations}?space=shop&sub=ann&until=2999-01-01T00:00:00Z", null);
        await BadAsync("is too far away: no token lives until", $"{Revocations}?space=shop&jti=t&until={DateTimeOffset.UtcNow.AddDays(40).ToUnixTimeSeconds()}", null);
        await BadAsync("Nothing of the client shop/ann is revoked", $"{Revocations}?space=shop&sub=ann", null, "DELETE");
        var keys = JsonSerializer.Deserialize(await GetAsync(Keys, grafana), InspectionJson.Default.AuthKeysReport)!;
        Assert.Equal((1UL, "one"), (keys.Version, Assert.Single(keys.Keys).Kid));

        Task BadAsync(string sentence, string path, string? body, string method = "POST") => RefusedAsync(HttpStatusCode.BadRequest, sentence, method, path, ann, body);
    }

    [Fact]
    public async Task Spaces_are_made_changed_and_removed_and_are_there_after_a_restart()
    {
        string ann;
        await using (await StartAsync())
        {
            ann = await TokenAsync("operator", "ann");
            var grafana = await TokenAsync("viewer", "grafana");
            await RefusedAsync(HttpStatusCode.Forbidden, "is for a viewer, and this is for an operator", "POST", "/v1/spaces?name=shop", grafana);
            foreach (var (sentence, method, path) in ((string, string, string)[])
                     [
                         ("\"Shop\" is no space", "POST", "name=Shop"), ("\"\" is no space", "DELETE", ""), ("\"eu,a b\" is no region", "POST", "name=shop&regions=eu,a%20b"),
                         ("\"eu,,us\" is no region", "POST", "name=shop&regions=eu,,us"), ("There is no space shop", "PUT", "name=shop"), ("There is no space shop", "DELETE", "name=shop"),
                     ])
                await RefusedAsync(HttpStatusCode.BadRequest, sentence, method, $"/v1/spaces?{path}", ann);
            await RefusedAsync(HttpStatusCode.NotFound, "There is no space shop", "GET", "/v1/spaces?name=shop", grafana);
            Assert.Equal("created the space shop, pinned to eu, us", Assert.Single((await ChangeAsync("POST", "/v1/spaces?name=shop&regions=eu,us,eu", ann, null)).Done));
            await RefusedAsync(HttpStatusCode.BadRequest, "There is a space shop already", "POST", "/v1/spaces?name=shop", ann);
            await ChangeAsync("POST", "/v1/spaces?name=chat", ann, null);
            Assert.Empty((await ChangeAsync("PUT", "/v1/spaces?name=chat", ann, null)).Done);
            Assert.Equal("set the space shop, pinned to eu", Assert.Single((await ChangeAsync("PUT", "/v1/spaces?name=shop&regions=eu", ann, null)).Done));
        }

        await using var again = await StartAsync();
        var spaces = JsonSerializer.Deserialize(await GetAsync("/v1/spaces", ann), InspectionJson.Default.SpacesReport)!;
        Assert.Equal(["chat ", "shop eu"], spaces.Spaces.Select(space => $"{space.Name} {string.Join(',', space.Regions)}"), StringComparer.Ordinal);
        Assert.Equal(3UL, spaces.Version);
        await ChangeAsync("DELETE", "/v1/spaces?name=chat", ann, null);
        Assert.Equal("shop", Assert.Single(JsonSerializer.Deserialize(await GetAsync("/v1/spaces", ann), InspectionJson.Default.SpacesReport)!.Spaces).Name);
        Assert.Contains("removed the space chat", await GetAsync("/v1/audit", ann), StringComparison.Ordinal);
    }

    private async Task<AuthChangeReport> ChangeAsync(string method, string path, string token, string? body) =>
        JsonSerializer.Deserialize(await SendAsync(method, path, token, body), InspectionJson.Default.AuthChangeReport)!;

    private static string Jwk(string id, string more = "")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"{{more}}}""";
    }
}
