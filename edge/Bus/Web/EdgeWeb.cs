using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Bus.Gateway;
using WeCan.Hosting.Daemon;
using WeCan.Runtime;

namespace WeCan.Edge.Bus.Web;

/// <summary>The other accesses in the life of an edge: listening from the start on where that is configured, the goodbye at the drain.</summary>
internal sealed class EdgeWeb(BusCore core, GatewayTokens tokens, Func<UnixTime> clock, ILogger log) : IAsyncDisposable
{
    private WebServer? _server;
    private CertificateWatch? _certificate;
    private WebMetrics? _metrics;

    public WebGateway Gateway { get; } = new(core, tokens, clock, log);

    /// <exception cref="DaemonException">The certificate cannot be read, or nobody can listen there.</exception>
    public void Start(DaemonContext<EdgeSettings> context, OverlayDriver driver)
    {
        if (context.Options.Bus.Web is not { } settings)
            return;
        if (!WebCertificate.TryRead(settings.Certificate, settings.Key, out var first, out var problem))
            throw new DaemonException(problem, ExitCodes.Config);
        var turn = new Action<Protocol.Nodes.Node, MonoTime>((_, now) => Gateway.Turn(now));
        Gateway.Ring = () => Ring(driver, turn);
        _certificate = new(settings, first!, context.Time, log);
        try
        {
            _server = new(settings.Listen, Gateway, () => _certificate.Now.Tls, context.Time);
        }
        catch (SocketException failure)
        {
            throw new DaemonException($"Clients cannot be listened for at {settings.Listen} (bus.web.listen): {failure.Message}.", ExitCodes.Unavailable, failure);
        }

        _metrics = new(_server, _certificate);
        _server.Start();
        WebLog.Address(log, $"{_server.Address}");
        context.OnReload((_, after) => _certificate.Reload(after.Bus.Web ?? settings));
    }

    public async ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        _certificate?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>A loop with more to do than it may be asked is asked as soon as there is room.</summary>
    private static void Ring(OverlayDriver driver, Action<Protocol.Nodes.Node, MonoTime> turn)
    {
        if (driver.Post(turn) == PostResult.QueueFull)
            _ = Task.Run(() => driver.PostAsync(turn).AsTask());
    }
}
