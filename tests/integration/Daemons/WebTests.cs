using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using WeCan.MessageBus;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>The other accesses of an edge as a process: its certificate, and curl.</summary>
public sealed partial class WebTests
{
    [Fact]
    public async Task Curl_publishes_to_a_native_client_and_the_certificate_is_replaced_while_the_edge_runs()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl"))), "curl is missing: install the Debian package curl.");
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var files = await WriteAsync(network, signer, "127.0.0.1");
        var (web, metrics) = (TestNetwork.FreePort(ProtocolType.Tcp), TestNetwork.FreePort(ProtocolType.Tcp));
        using var desk = DaemonProcess.Start(
            "wecan-edge",
            [.. Arguments(network, files), "--bus.web.listen", $"127.0.0.1:{web}", "--metrics.enabled", "true", "--metrics.listen", $"127.0.0.1:{metrics}"]);
        var address = EdgeAddress.Parse(AddressLine().Match(await desk.LoggedAsync("Clients connect to wecan://")).Value);
        await desk.LoggedAsync($"Clients connect to wss://127.0.0.1:{web}/bus");
        await using var ann = new Bus(new() { Edge = address, Token = BusKeys.Token(signer, "ann") });
        await using var orders = await ann.SubscribeAsync("shop.orders.*", cancellationToken: TestContext.Current.CancellationToken);
        await using var reader = orders.GetAsyncEnumerator(TestContext.Current.CancellationToken);

        string[] post = ["--silent", "--cacert", files.Certificate, "--data", "hello", "--write-out", "%{http_code}"];
        Assert.Equal("204", await CurlAsync([.. post, "--header", $"Authorization: Bearer {BusKeys.Token(signer, "shop")}", $"https://127.0.0.1:{web}/publish/shop.orders.new"]));
        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken));
        Assert.Equal(("shop.orders.new", "hello"), (reader.Current.Subject, Encoding.UTF8.GetString(reader.Current.Payload.Span)));
        Assert.Contains("Nobody is let in without a token", await CurlAsync([.. post, $"https://127.0.0.1:{web}/publish/shop.orders.new"]), StringComparison.Ordinal);

        // What is no certificate changes nothing; what is one is shown from the next connection on, and /metrics has its end.
        await File.WriteAllTextAsync(files.Certificate, "nonsense", TestContext.Current.CancellationToken);
        desk.Signal("HUP");
        await desk.LoggedAsync("The certificate that clients are shown stays as it is");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var before = CertificateEnd().Match(await http.GetStringAsync(new Uri($"http://127.0.0.1:{metrics}/metrics"), TestContext.Current.CancellationToken)).Value;
        WriteCertificate(files.Certificate, files.Key, "127.0.0.1", days: 60);
        desk.Signal("HUP");
        await desk.LoggedAsync("Clients are shown the certificate of CN=127.0.0.1", count: 2);
        Assert.NotEqual(before, CertificateEnd().Match(await http.GetStringAsync(new Uri($"http://127.0.0.1:{metrics}/metrics"), TestContext.Current.CancellationToken)).Value, StringComparer.Ordinal);
        Assert.Equal("204", await CurlAsync([.. post, "--header", $"Authorization: Bearer {BusKeys.Token(signer, "shop")}", $"https://127.0.0.1:{web}/publish/shop.orders.new"]));

        desk.Signal("TERM");
        Assert.Equal(0, await desk.EndedAsync());
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told_and_the_edge_does_not_start()
    {
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var files = await WriteAsync(network, signer, "127.0.0.1");
        await File.WriteAllTextAsync(files.Key, "nonsense", TestContext.Current.CancellationToken);
        using var desk = DaemonProcess.Start("wecan-edge", [.. Arguments(network, files), "--bus.web.listen", "127.0.0.1:0", "--metrics.enabled", "false"]);
        Assert.Equal(78, await desk.EndedAsync());
        Assert.Contains("holds no key in PEM, without a password, that belongs to the first certificate", desk.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_client_by_WebSocket_costs_its_edge_less_than_48_KiB()
    {
        const int Clients = 1_000;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process holds is read as Linux tells it.");
        using var network = TestNetwork.Empty();
        using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var files = await WriteAsync(network, signer, "127.0.0.1");
        var web = TestNetwork.FreePort(ProtocolType.Tcp);
        using var desk = DaemonProcess.Start("wecan-edge", [.. Arguments(network, files), "--bus.web.listen", $"127.0.0.1:{web}", "--metrics.enabled", "false"]);
        await desk.LoggedAsync(Lines.Ready);
        var clients = new List<ClientWebSocket>();
        try
        {
            // What the first ones need is needed once.
            for (var i = 0; i < Clients / 2; i++)
                clients.Add(await JoinAsync(web, BusKeys.Token(signer, $"warm{i / 50}")));
            var before = ResidentKibibytes(desk.Id);
            for (var i = 0; i < Clients; i++)
                clients.Add(await JoinAsync(web, BusKeys.Token(signer, $"ann{i / 50}")));
            var each = (ResidentKibibytes(desk.Id) - before) / (double)Clients;
            TestContext.Current.SendDiagnosticMessage($"{each:0.0} KiB for each silent client by WebSocket");
            Assert.InRange(each, 1, 48);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    /// <summary>A client that is let in, and says no more.</summary>
    private static async Task<ClientWebSocket> JoinAsync(int port, string token)
    {
        var client = new ClientWebSocket();
        client.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        client.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await client.ConnectAsync(new($"wss://127.0.0.1:{port}/bus"), TestContext.Current.CancellationToken);

        // Hello of version 1 with a session of its own; what comes is the welcome.
        byte[] hello = [22, 0x95, 16, 1, 0xC4, 16, .. RandomNumberGenerator.GetBytes(16), 0xC2, 0];
        hello[0] = (byte)(hello.Length - 1);
        await client.SendAsync(hello, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
        var received = await client.ReceiveAsync(new byte[256], TestContext.Current.CancellationToken).WaitAsync(DaemonProcess.Bound, TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketMessageType.Binary, received.MessageType);
        return client;
    }

    private static long ResidentKibibytes(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Arguments(TestNetwork network, (string Keys, string Certificate, string Key) files) =>
    [
        "--dev", "--data", network.Folder("desk"), "--dev-listen", network.ControllerAddress.ToString(), "--listen", $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Udp)}",
        "--bus.keys", files.Keys, "--bus.web.certificate", files.Certificate, "--bus.web.key", files.Key,
    ];

    private static async Task<(string Keys, string Certificate, string Key)> WriteAsync(TestNetwork network, ECDsa signer, string name)
    {
        Directory.CreateDirectory(network.Folder(""));
        var files = (Keys: network.Folder("keys.json"), Certificate: network.Folder("edge.crt"), Key: network.Folder("edge.key"));
        await File.WriteAllTextAsync(files.Keys, BusKeys.SetOf(signer), TestContext.Current.CancellationToken);
        WriteCertificate(files.Certificate, files.Key, name, days: 30);
        return files;
    }

    internal static void WriteCertificate(string certificateFile, string keyFile, string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Parse(name));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(days));
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
    }

    private static async Task<string> CurlAsync(string[] arguments) => (await RunningProgram.RunAsync(["curl", "--noproxy", "*", .. arguments], DaemonProcess.Bound)).Trim();

    [GeneratedRegex("wecan://\\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AddressLine();

    [GeneratedRegex("^wecan_bus_web_certificate_end_seconds .*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex CertificateEnd();
}
