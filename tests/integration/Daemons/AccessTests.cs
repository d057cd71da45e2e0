using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using WeCan.MessageBus;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>The client library where UDP does not come through, from the beginning or from some time on.</summary>
public sealed partial class AccessTests
{
    [Fact]
    public async Task A_client_changes_its_access_as_UDP_comes_and_goes_and_nothing_is_lost_repeated_or_out_of_order()
    {
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var desk = await AccessDesk.StartAsync(network, signer);
        using var relay = new UdpRelay(desk.UdpPort);
        await using var shop = desk.Bus("shop", relay.Port);
        await using var ann = desk.Bus("ann", desk.UdpPort);
        await using var orders = await ann.SubscribeAsync("shop.orders.*", cancellationToken: TestContext.Current.CancellationToken);
        var sent = 0;
        var hearing = HearAsync(orders, 900);

        await PublishAsync(shop, 300, () => sent++);
        Assert.Equal((2, 0), await desk.ClientsAsync());

        relay.IsBlocked = true;
        await PublishAsync(shop, 300, () => sent++);
        Assert.Equal(1, (await desk.ClientsAsync()).WebSocket);

        // It is gone back as soon as native access has stood for a while, and no connection by WebSocket is left.
        relay.IsBlocked = false;
        await desk.UntilAsync(clients => clients == (2, 0), "back on native access");
        await PublishAsync(shop, 300, () => sent++);

        Assert.Equal(Enumerable.Range(0, 900), await hearing.WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_UDP_the_first_connection_goes_by_WebSocket_and_the_next_bus_begins_with_it()
    {
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var desk = await AccessDesk.StartAsync(network, signer);
        using var relay = new UdpRelay(desk.UdpPort) { IsBlocked = true };
        for (var life = 0; life < 2; life++)
        {
            await using var bus = desk.Bus("ann", relay.Port);
            await using var orders = await bus.SubscribeAsync("shop.orders.*", cancellationToken: TestContext.Current.CancellationToken);
            var hearing = HearAsync(orders, 100);
            var sent = 0;
            await PublishAsync(bus, 100, () => sent++);
            Assert.Equal(Enumerable.Range(0, 100), await hearing.WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
            Assert.Equal((0, 1), await desk.ClientsAsync());

            // Realtime goes in line with the rest there.
            var heard = HearAsync(orders, 1);
            await bus.PublishAsync("shop.orders.now", BitConverter.GetBytes(7), new() { Mode = DeliveryMode.Realtime, Deadline = TimeSpan.FromSeconds(5) }, TestContext.Current.CancellationToken);
            Assert.Equal([7], await heard.WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
        }

        await desk.UntilAsync(clients => clients == (0, 0), "said goodbye");
    }

    private static async Task PublishAsync(Bus bus, int count, Func<int> next)
    {
        for (var i = 0; i < count; i++)
        {
            var payload = BitConverter.GetBytes(next());
            await bus.PublishAsync("shop.orders.new", payload, cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<List<int>> HearAsync(Subscription subscription, int count)
    {
        var heard = new List<int>();
        await foreach (var message in subscription.WithCancellation(TestContext.Current.CancellationToken))
        {
            Assert.Equal(0, message.MissedBefore);
            heard.Add(BitConverter.ToInt32(message.Payload.Span));
            if (heard.Count == count)
                break;
        }

        return heard;
    }

    /// <summary>A desk with both accesses, and how many clients are on each.</summary>
    private sealed partial class AccessDesk : IAsyncDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
        private DaemonProcess _process = null!;
        private EdgeAddress _address = null!;
        private ECDsa _signer = null!;
        private int _web;
        private int _metrics;

        public int UdpPort { get; private set; }

        public static async Task<AccessDesk> StartAsync(TestNetwork network, ECDsa signer)
        {
            Directory.CreateDirectory(network.Folder(""));
            await File.WriteAllTextAsync(network.Folder("keys.json"), BusKeys.SetOf(signer), TestContext.Current.CancellationToken);
            WebTests.WriteCertificate(network.Folder("edge.crt"), network.Folder("edge.key"), "127.0.0.1", days: 30);
            var desk = new AccessDesk { UdpPort = TestNetwork.FreePort(ProtocolType.Udp), _web = TestNetwork.FreePort(ProtocolType.Tcp), _metrics = TestNetwork.FreePort(ProtocolType.Tcp), _signer = signer };
            desk._process = DaemonProcess.Start(
                "wecan-edge",
                "--dev",
                "--data",
                network.Folder("desk"),
                "--dev-listen",
                network.ControllerAddress.ToString(),
                "--listen",
                $"127.0.0.1:{desk.UdpPort}",
                "--metrics.listen",
                $"127.0.0.1:{desk._metrics}",
                "--bus.keys",
                network.Folder("keys.json"),
                "--bus.web.listen",
                $"127.0.0.1:{desk._web}",
                "--bus.web.certificate",
                network.Folder("edge.crt"),
                "--bus.web.key",
                network.Folder("edge.key"));
            desk._address = EdgeAddress.Parse(AddressLine().Match(await desk._process.LoggedAsync("Clients connect to wecan://")).Value);
            await desk._process.LoggedAsync("Clients connect to wss://");
            return desk;
        }

        public Bus Bus(string name, int udpPort) => new(new()
        {
            Edge = EdgeAddress.Parse(_address.ToString().Replace($":{UdpPort}#", $":{udpPort}#", StringComparison.Ordinal)),
            Web = new($"wss://127.0.0.1:{_web}/bus"),
            WebCertificate = (_, certificate, _, _) => certificate!.Subject == "CN=127.0.0.1",
            Token = BusKeys.Token(_signer, name),
        });

        public async Task<(int Native, int WebSocket)> ClientsAsync()
        {
            var page = await _http.GetStringAsync(new Uri($"http://127.0.0.1:{_metrics}/metrics"), TestContext.Current.CancellationToken);
            return (Number(NativeClients().Match(page)), Number(WebSocketClients().Match(page)));
        }

        public async Task UntilAsync(Func<(int Native, int WebSocket), bool> condition, string what)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            var end = DateTime.UtcNow + DaemonProcess.Bound;
            while (!condition(await ClientsAsync()))
            {
                Assert.True(DateTime.UtcNow < end, what);
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        public ValueTask DisposeAsync()
        {
            _process.Dispose();
            _http.Dispose();
            return ValueTask.CompletedTask;
        }

        private static int Number(Match match) => int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);

        [GeneratedRegex("wecan://\\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex AddressLine();

        [GeneratedRegex("^wecan_bus_clients (?<count>\\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex NativeClients();

        [GeneratedRegex("^wecan_bus_web_clients (?<count>\\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
        private static partial Regex WebSocketClients();
    }
}
