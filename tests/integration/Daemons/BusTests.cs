using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WeCan.MessageBus;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>The client library and an edge as a process.</summary>
public sealed partial class BusTests
{
    [Fact]
    public async Task What_a_client_publishes_comes_to_another_and_goes_on_when_the_edge_is_started_anew()
    {
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(network.Folder(""));
        var keys = network.Folder("keys.json");
        await File.WriteAllTextAsync(keys, BusKeys.SetOf(signer), TestContext.Current.CancellationToken);
        var port = TestNetwork.FreePort(System.Net.Sockets.ProtocolType.Udp);
        string[] arguments =
            ["--dev", "--data", network.Folder("desk"), "--dev-listen", network.ControllerAddress.ToString(), "--listen", $"127.0.0.1:{port}", "--metrics.enabled", "false", "--bus.keys", keys];

        var desk = DaemonProcess.Start("wecan-edge", arguments);
        var address = EdgeAddress.Parse(AddressLine().Match(await desk.LoggedAsync("Clients connect to wecan://")).Value);
        await using var shop = new Bus(new() { Edge = address, Token = BusKeys.Token(signer, "shop") });
        await using var ann = new Bus(new() { Edge = address, Token = BusKeys.Token(signer, "ann") });
        await using var orders = await ann.SubscribeAsync("shop.orders.*", cancellationToken: TestContext.Current.CancellationToken);
        await using var reader = orders.GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await shop.PublishAsync("shop.orders.new", "one"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("shop.orders.new", "one", 0L), await NextAsync(reader));
        var refused = await Assert.ThrowsAsync<BusException>(() => shop.PublishAsync("bank.orders.new", "x"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken).AsTask());
        Assert.Contains("does not let its client publish to bank.orders.new", refused.Message, StringComparison.Ordinal);

        await shop.PublishAsync("shop.orders.voice", "now"u8.ToArray(), new() { Mode = DeliveryMode.Realtime, Deadline = TimeSpan.FromSeconds(10) }, TestContext.Current.CancellationToken);
        Assert.Equal(("shop.orders.voice", "now", 0L), await NextAsync(reader));

        desk.Kill();
        desk.Dispose();
        using var again = DaemonProcess.Start("wecan-edge", arguments);
        await again.LoggedAsync(Lines.Ready);
        await using var late = await ann.SubscribeAsync("shop.late", cancellationToken: TestContext.Current.CancellationToken);
        await shop.PublishAsync("shop.orders.new", "two"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);

        // Nobody can say what the edge that was killed still held, and the reader is told so.
        Assert.Equal(("shop.orders.new", "two", -1L), await NextAsync(reader));
        again.Signal("TERM");
        Assert.Equal(0, await again.EndedAsync());
    }

    [Fact]
    public async Task A_request_comes_back_with_its_answer_or_says_why_not()
    {
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(network.Folder(""));
        var keys = network.Folder("keys.json");
        var cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(keys, BusKeys.SetOf(signer), cancellation);
        using var desk = DaemonProcess.Start(
            "wecan-edge", "--dev", "--data", network.Folder("desk"), "--dev-listen", network.ControllerAddress.ToString(), "--listen", $"127.0.0.1:{TestNetwork.FreePort(System.Net.Sockets.ProtocolType.Udp)}", "--metrics.enabled", "false", "--bus.keys", keys);
        var address = EdgeAddress.Parse(AddressLine().Match(await desk.LoggedAsync("Clients connect to wecan://")).Value);
        await using var service = new Bus(new() { Edge = address, Token = BusKeys.Token(signer, "service") });
        await using var ann = new Bus(new() { Edge = address, Token = BusKeys.Token(signer, "ann") });

        var alone = await Assert.ThrowsAsync<BusException>(() => ann.RequestAsync("shop.prices", default, DaemonProcess.Bound, cancellationToken: cancellation).AsTask());
        Assert.Equal(BusError.NoResponders, alone.Error);

        await using var prices = await service.SubscribeAsync("shop.prices", cancellationToken: cancellation);
        var asked = ann.RequestAsync("shop.prices", "?"u8.ToArray(), DaemonProcess.Bound, cancellationToken: cancellation).AsTask();
        await using var reader = prices.GetAsyncEnumerator(cancellation);
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(DaemonProcess.Bound, cancellation));
        await reader.Current.ReplyAsync("7 EUR"u8.ToArray(), new() { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "price" } }, cancellation);
        var answer = await asked;
        Assert.Equal(("7 EUR", "price"), (Encoding.UTF8.GetString(answer.Payload.Span), answer.Headers["kind"]));

        var late = await Assert.ThrowsAsync<TimeoutException>(() => ann.RequestAsync("shop.prices", default, TimeSpan.FromMilliseconds(50), cancellationToken: cancellation).AsTask());
        Assert.Contains("No answer from shop.prices came within 0.05 s", late.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => answer.ReplyAsync(default, cancellationToken: cancellation).AsTask());
    }

    [Fact]
    public async Task What_is_published_at_one_edge_is_heard_at_another_and_again_when_that_was_killed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var network = await TestNetwork.MakeAsync();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = network.Folder("keys.json");
        await File.WriteAllTextAsync(keys, BusKeys.SetOf(signer), cancellation);
        network.Start("relay-a", await network.TokenAsync("relay"));
        var near = network.Start("edge-a", await network.TokenAsync("edge"), "--bus.keys", keys);
        var far = network.Start("edge-b", await network.TokenAsync("edge"), "--bus.keys", keys);
        await using var shop = new Bus(new() { Edge = await AddressOfAsync(near), Token = BusKeys.Token(signer, "shop") });
        await using var ann = new Bus(new() { Edge = await AddressOfAsync(far), Token = BusKeys.Token(signer, "ann") });
        await network.OnDiskAsync("edge-a", 3);
        await network.OnDiskAsync("edge-b", 3);
        await using var orders = await ann.SubscribeAsync("shop.orders.*", cancellationToken: cancellation);
        await using var reader = orders.GetAsyncEnumerator(cancellation);
        await shop.PublishAsync("shop.orders.new", "one"u8.ToArray(), cancellationToken: cancellation);
        Assert.Equal(("shop.orders.new", "one", 0L), await NextAsync(reader));

        far.Kill();
        var waiting = shop.PublishAsync("shop.orders.new", "two"u8.ToArray(), cancellationToken: cancellation).AsTask();
        network.Start("edge-b", null, "--bus.keys", keys);

        // Nobody waits for what was there before; that its client missed something shows on what comes next.
        await waiting.WaitAsync(DaemonProcess.Bound, cancellation);
        await using var late = await ann.SubscribeAsync("shop.late", cancellationToken: cancellation);
        await shop.PublishAsync("shop.orders.new", "three"u8.ToArray(), cancellationToken: cancellation);
        Assert.Equal(("shop.orders.new", "three", -1L), await NextAsync(reader));
    }

    [Fact]
    public async Task Keys_that_are_none_are_told_and_the_edge_does_not_start()
    {
        using var network = TestNetwork.Empty();
        Directory.CreateDirectory(network.Folder(""));
        var keys = network.Folder("keys.json");
        await File.WriteAllTextAsync(keys, """{"keys":[{"kty":"RSA","kid":"a"}]}""", TestContext.Current.CancellationToken);
        using var desk = DaemonProcess.Start(
            "wecan-edge", "--dev", "--data", network.Folder("desk"), "--dev-listen", network.ControllerAddress.ToString(), "--listen", "127.0.0.1:0", "--metrics.enabled", "false", "--bus.keys", keys);
        Assert.Equal(78, await desk.EndedAsync());
        Assert.Contains("Key \"a\" is not of kind EC on P-256", desk.Said, StringComparison.Ordinal);
    }

    private static async Task<EdgeAddress> AddressOfAsync(DaemonProcess edge) =>
        EdgeAddress.Parse(AddressLine().Match(await edge.LoggedAsync("Clients connect to wecan://")).Value);

    private static async Task<(string Subject, string Payload, long Missed)> NextAsync(IAsyncEnumerator<Message> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
        return (reader.Current.Subject, Encoding.UTF8.GetString(reader.Current.Payload.Span), reader.Current.MissedBefore);
    }

    [GeneratedRegex("wecan://\\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressLine();
}
