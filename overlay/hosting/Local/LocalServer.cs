using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WeCan.Hosting.Local;

/// <summary>
/// Answers questions on a Unix socket: Kestrel with nothing on top of it, bounded in connections and in what a question may be. Who
/// may ask, the file's owner and mode say (docs/decisions/0035).
/// </summary>
public sealed class LocalServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly string _path;
    private readonly Socket _socket;
    private readonly LocalEndpoints _endpoints;
    private readonly KestrelServer _server;

    private LocalServer(string path, Socket socket, LocalEndpoints endpoints, ILoggerFactory loggers)
    {
        (_path, _socket, _endpoints) = (path, socket, endpoints);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = HostingLimits.LocalConnections;
        options.Limits.MaxRequestBodySize = HostingLimits.LocalRequestBytes;
        options.Limits.MaxRequestHeadersTotalSize = 8 << 10;
        options.Limits.RequestHeadersTimeout = HostingLimits.LocalHeadersTime;
        options.ListenUnixSocket(path, endPoint => endPoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = _ => socket }), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
    }

    /// <summary>Answers from now on.</summary>
    /// <param name="path">Where the socket is made.</param>
    /// <param name="isForGroup">Whether the members of the file's group may ask, beside its owner.</param>
    /// <param name="endpoints">What is answered.</param>
    /// <param name="loggers">What the server itself has to say.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Daemon.DaemonException">Nobody can listen there; the message says what to do.</exception>
    public static async Task<LocalServer> StartAsync(string path, bool isForGroup, LocalEndpoints endpoints, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var server = new LocalServer(path, LocalSocket.Bind(path, isForGroup), endpoints, loggers);
        await server._server.StartAsync(server, cancellation);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Who holds a connection open is not waited for.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _socket.Dispose();
        File.Delete(_path);
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is kept for a question.
    }

    public Task ProcessRequestAsync(HttpContext context) => _endpoints.ServeAsync(context);
}
