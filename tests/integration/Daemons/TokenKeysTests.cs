using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using WeCan.MessageBus;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>docs/messagebus.md, "Who may come", with processes: keys and revocations from wecan to a client that is connected.</summary>
public sealed partial class TokenKeysTests
{
    /// <summary>What is removed or revoked ends sessions within this time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    [Fact]
    public async Task Keys_are_rotated_under_a_client_a_client_is_revoked_and_the_edge_starts_without_a_controller()
    {
        using var network = await TestNetwork.MakeAsync();
        _variables["WECAN_API"] = Path.Combine(network.Folder("controller"), "admin.sock");
        var metrics = $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}";
        var edge = network.StartShown("edge-a", await network.TokenAsync("edge", "--name", "edge-a"), metrics);
        var address = EdgeAddress.Parse(AddressLine().Match(await edge.LoggedAsync("Clients connect to wecan://")).Value);

        // Two keys at once: ann comes by the old one, and stays while the new one is there too.
        var (old, next) = (network.Folder("old.key"), network.Folder("next.key"));
        Assert.Contains("Added key \"old\" for the space shop.", await WecanAsync("auth", "key", "add", "--generate", old, "--kid", "old", "--space", "shop"), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(old) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await using var ann = Connect(address, await SignAsync(old, "ann"));
        await PublishAsync(ann);
        await WecanAsync("auth", "key", "add", "--generate", next, "--kid", "next", "--space", "shop");
        await using var bob = Connect(address, await SignAsync(next, "bob", "--id", "bob-1"));
        await using var orders = await bob.SubscribeAsync("shop.orders.*", cancellationToken: TestContext.Current.CancellationToken);
        await PublishAsync(ann);
        await UntilAsync(async () => (await WecanAsync("auth", "key", "list")).Contains("1 of 1 connected edges have it", StringComparison.Ordinal));

        // The old one goes, and ann with it; she comes back by the new one. Bob notices nothing.
        await WecanAsync("auth", "key", "remove", "old");
        await EndsAsync(ann, "The key \"old\", which signed the token, counts no more.");
        var token = await SignAsync(next, "ann");
        await using var again = Connect(address, token);
        await PublishAsync(again);
        await using (var reader = orders.GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
            Assert.Equal(0, reader.Current.MissedBefore);
        }

        // One token is taken back; another of the same client counts.
        await WecanAsync("auth", "revoke", "--space", "shop", "--id", "bob-1");
        await EndsAsync(bob, "The token was taken back.");
        var fresh = await SignAsync(next, "bob", "--id", "bob-2");
        await using var back = Connect(address, fresh);
        await PublishAsync(back);
        var shown = await WecanAsync("auth", "show", token);
        Assert.Contains("yes, by version 4 of the keys", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);

        // A client is taken back with all that it has.
        await WecanAsync("auth", "revoke", "--space", "shop", "--sub", "ann");
        await EndsAsync(again, "The token was taken back.");
        Assert.Contains("NO: It was revoked", await WecanAsync("auth", "show", token), StringComparison.Ordinal);

        await UntilAsync(async () => (await WecanAsync("auth", "revocations")).Contains("1 of 1 connected edges have it", StringComparison.Ordinal));
        network.Controller.Kill();
        edge.Kill();
        await edge.EndedAsync();
        await WithoutControllerAsync(network.StartShown("edge-a", token: null, metrics), metrics, back, Connect(address, token));
    }

    /// <summary>What the edge has on its disk counts: who was let in is so again, and who was revoked stays out.</summary>
    private static async Task WithoutControllerAsync(DaemonProcess edge, string metrics, Bus good, Bus revoked)
    {
        await edge.LoggedAsync("Clients are let in by tokens of 1 keys that the controller has said, but for 2 revocations");
        await PublishAsync(good);
        await using (revoked)
        {
            var tried = PublishAsync(revoked);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await UntilAsync(async () => Refused().Match(await http.GetStringAsync(new Uri($"http://{metrics}/metrics"))) is { Success: true } count && int.Parse(count.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) > 0);
            Assert.False(tried.IsCompleted);
        }

        edge.Signal("TERM");
        Assert.Equal(0, await edge.EndedAsync());
    }

    [Fact]
    public async Task What_is_no_key_or_no_token_is_refused_by_name_before_anybody_is_asked()
    {
        using var network = TestNetwork.Empty();
        Directory.CreateDirectory(network.Folder(""));
        _variables["WECAN_API"] = network.Folder("nobody.sock");
        var (key, shop) = (network.Folder("sign.key"), (string[])["--space", "shop"]);
        await RefusedAsync(69, "No controller answers", ["auth", "key", "add", "--generate", key, .. shop]);
        Assert.False(File.Exists(key));
        await File.WriteAllTextAsync(key, """{"kty":"EC","crv":"P-256","kid":"k","x":"BX3_gk370kvG1vg8OJU8eTxB3fCo473gwndcxUzGaP4","y":"Y1WCkBaDFLg86IzCrMtJuyLkirGyZ3z6MAp_tUNaGJw","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}""", TestContext.Current.CancellationToken);
        await RefusedAsync(64, "is not sent: Key \"k\" has its private half in the key set (\"d\")", ["auth", "key", "add", key, .. shop]);
        await RefusedAsync(74, "There is a file", ["auth", "key", "add", "--generate", key, .. shop]);
        await RefusedAsync(64, "Name either a file with a public key, or one for a new key pair", ["auth", "key", "add", .. shop]);
        await RefusedAsync(64, "For which spaces the key may sign is not said", "auth", "key", "add", "--generate", network.Folder("other.key"));
        string[] sign = ["auth", "token", "--key", key, "--sub", "ann", .. shop];
        await RefusedAsync(64, "its private half (\"d\") is not that of its point", sign);
        await File.WriteAllTextAsync(key, """{"kty":"EC","crv":"P-384","kid":"k"}""", TestContext.Current.CancellationToken);
        await RefusedAsync(64, "cannot sign tokens: it is not a JSON Web Key of kind EC on P-256", sign);
        await RefusedAsync(64, "That is neither a token nor a file", "auth", "show", "eyJhbGciOi");
        await RefusedAsync(64, "That is no token of a client: It is not three parts", "auth", "show", "a.b.c");
        await RefusedAsync(64, "Name either a client with --sub, or one token with --id", "auth", "revoke", "--space", "shop");
    }

    [Fact]
    public async Task A_space_is_pinned_to_regions_and_edges_elsewhere_let_its_clients_go()
    {
        using var network = await TestNetwork.MakeAsync();
        _variables["WECAN_API"] = Path.Combine(network.Folder("controller"), "admin.sock");
        var edge = network.Start("edge-a", await network.TokenAsync("edge", "--name", "edge-a", "--region", "eu"));
        var address = EdgeAddress.Parse(AddressLine().Match(await edge.LoggedAsync("Clients connect to wecan://")).Value);
        var key = network.Folder("shop.key");
        await WecanAsync("auth", "key", "add", "--generate", key, "--space", "shop");
        var token = await SignAsync(key, "ann");
        await using var ann = Connect(address, token);
        await PublishAsync(ann);
        Assert.Contains("Created the space shop, pinned to eu, us.", await WecanAsync("space", "create", "shop", "--regions", "eu,us"), StringComparison.Ordinal);
        await PublishAsync(ann);
        await WecanAsync("space", "set", "shop", "--regions", "us");
        await EndsAsync(ann, "The space shop is pinned to regions, and this edge is in none of them.", BusError.OtherRegion);
        Assert.Matches("shop +us +0 ", await WecanAsync("space", "show", "shop"));
        await WecanAsync("space", "remove", "shop");
        await using var again = Connect(address, token);
        await PublishAsync(again);
        Assert.Contains("Nothing was said of any space", await WecanAsync("space", "list"), StringComparison.Ordinal);
    }

    private static Bus Connect(EdgeAddress address, string token) => new(new() { Edge = address, Token = token });

    private static Task PublishAsync(Bus bus) =>
        bus.PublishAsync("shop.orders.new", "one"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken).AsTask();

    /// <summary>The client hears why, and that is the last that it does.</summary>
    private static async Task EndsAsync(Bus bus, string why, BusError error = BusError.TokenRevoked)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Soon);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var failure = await Assert.ThrowsAsync<BusException>(async () =>
        {
            while (await look.WaitForNextTickAsync(bound.Token))
                await bus.PublishAsync("shop.quiet", "still here"u8.ToArray(), cancellationToken: bound.Token);
        });
        Assert.Equal((why, error), (failure.Message, failure.Error));
    }

    private Task<string> SignAsync(string key, string client, params string[] more) =>
        WecanAsync(["auth", "token", "--key", key, "--space", "shop", "--sub", client, "--publish", "shop.>", "--subscribe", "shop.orders.*", "--for", "1h", .. more]);

    private async Task<string> WecanAsync(params string[] command)
    {
        using var program = Start(command);
        var code = await program.EndedAsync(DaemonProcess.Bound);
        Assert.True(code == 0, $"wecan {string.Join(' ', command)} ended with {code}: {program.Said}");
        return program.Output.Trim();
    }

    private async Task RefusedAsync(int code, string sentence, params string[] command)
    {
        using var program = Start(command);
        Assert.Equal(code, await program.EndedAsync(DaemonProcess.Bound));
        Assert.Contains(sentence, program.Said, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var bound = new CancellationTokenSource(DaemonProcess.Bound);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await holds())
            await look.WaitForNextTickAsync(bound.Token);
    }

    private RunningProgram Start(string[] command) => RunningProgram.Start(ProjectPrograms.Tool("cli", "wecan.dll", command), new() { Variables = _variables });

    [GeneratedRegex("wecan://\\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressLine();

    [GeneratedRegex("wecan_bus_token_refusals_total\\{reason=\"revoked\"\\} (?<count>\\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Refused();
}
