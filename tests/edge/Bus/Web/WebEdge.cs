using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Gateway;
using WeCan.Edge.Bus.Web;
using WeCan.Hosting.Tests.Support;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>An edge's other accesses on real sockets: the bus on a thread of its own, as the loop is, and the time of strangers moved by hand.</summary>
internal sealed class WebEdge : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly TempFolder _folder = new();
    private readonly GatewayTokens _tokens;
    private readonly AutoResetEvent _rung = new(false);
    private readonly Queue<Action<MonoTime>> _orders = new();
    private readonly Thread _loop;
    private volatile bool _isOver;

    public WebEdge()
    {
        Core = new(7);
        _tokens = new(() => Clock, Core.Counters, NullLogger.Instance);
        _tokens.Offer(new([new("k", _signer.ExportParameters(false).Q, [])]));
        Gateway = new(Core, _tokens, () => Clock, NullLogger.Instance) { Ring = () => Do(now => Gateway!.Turn(now)) };
        Files = new(_folder.File("edge.crt"), _folder.File("edge.key"));
        WriteCertificate("edge.test", TimeSpan.FromDays(90));
        Assert.True(WebCertificate.TryRead(Files.Certificate, Files.Key, out var certificate, out var problem), problem);
        Server = new(new(IPAddress.Loopback, 0), Gateway, () => certificate!.Tls, Time);
        Server.Start();
        _loop = new(Run) { IsBackground = true };
        _loop.Start();
    }

    public BusCore Core { get; }

    public WebGateway Gateway { get; }

    public WebServer Server { get; }

    public ManualTime Time { get; } = new();

    public (string Certificate, string Key) Files { get; }

    /// <summary>What the edge's clock says; tokens end by it.</summary>
    public UnixTime Clock { get; set; } = new(1_800_000_000);

    public int Port => Server.Address.Port;

    /// <summary>What is revoked from now on.</summary>
    public void Revoke(params Revocation[] revocations)
    {
        _tokens.Offer(new([new("k", _signer.ExportParameters(false).Q, [])], new(revocations)));
        Do(_ => _tokens.Clients.Renew());
    }

    public string Token(string name, string publish = "shop.>", string subscribe = "shop.>", int seconds = 3_600) =>
        TokenMaker.Make(BusWires.TokenOf(name, publish, subscribe) with { Expires = Clock + Duration.FromSeconds(seconds) }, "k", _signer);

    public async Task<SslStream> TlsAsync()
    {
        var tls = new SslStream(new NetworkStream(await TcpAsync(), ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "edge.test", RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken);
        return tls;
    }

    public async Task<Socket> TcpAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Server.Address, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Sends a request over a connection of its own, and gives all that is answered until the edge closes.</summary>
    public async Task<string> AskAsync(string request)
    {
        await using var tls = await TlsAsync();
        await tls.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        return await ReadToEndAsync(tls);
    }

    public static async Task<string> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Cut off: what came is what there is.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    /// <summary>Has something done on the loop's thread.</summary>
    public void Do(Action<MonoTime> order)
    {
        lock (_orders)
            _orders.Enqueue(order);
        _rung.Set();
    }

    public async Task<T> AskLoopAsync<T>(Func<MonoTime, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(now => answer.SetResult(question(now)));
        return await answer.Task.WaitAsync(Bound, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks the loop until something holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await AskLoopAsync(_ => condition()))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Bound, what);
            await Task.Yield();
        }
    }

    public void WriteCertificate(string name, TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = Time.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now + life);
        File.WriteAllText(Files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Files.Key, key.ExportPkcs8PrivateKeyPem());
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _isOver = true;
        _rung.Set();
        _loop.Join();
        _rung.Dispose();
        _tokens.Dispose();
        _signer.Dispose();
        _folder.Dispose();
    }

    private void Run()
    {
        while (!_isOver)
        {
            var now = new MonoTime(Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency));
            while (TryTake(out var order))
                order!(now);
            if (Gateway.NextTimeout <= now)
                Gateway.HandleTimeout(now);
            var wait = Gateway.NextTimeout - now;
            _rung.WaitOne((int)Math.Clamp(wait.Milliseconds + 1, 0, 1_000));
        }
    }

    private bool TryTake(out Action<MonoTime>? order)
    {
        lock (_orders)
            return _orders.TryDequeue(out order);
    }
}
