using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>
/// The inspection API on the socket in the controller's data folder, for whom the file's owner and mode let in: Kestrel with nothing on top
/// of it, as the same endpoints answer over TLS, and some of them as streams.
/// </summary>
internal sealed class InspectionSocket : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly string _path;
    private readonly Socket _socket;
    private readonly ApiEndpoints _endpoints;
    private readonly KestrelServer _server;

    private InspectionSocket(string path, Socket socket, ApiEndpoints endpoints, ILoggerFactory loggers)
    {
        (_path, _socket, _endpoints) = (path, socket, endpoints);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = InspectionLimits.SocketConnections;
        options.Limits.MaxRequestBodySize = InspectionLimits.SocketRequestBytes;
        options.Limits.RequestHeadersTimeout = InspectionLimits.HeadersTime;
        options.ListenUnixSocket(path, endPoint => endPoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { CreateBoundListenSocket = _ => socket }), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
    }

    /// <summary>Answers from now on, to the file's owner.</summary>
    /// <exception cref="DaemonException">Nobody can listen there; the message says what to do.</exception>
    public static async Task<InspectionSocket> StartAsync(string path, ApiEndpoints endpoints, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var server = new InspectionSocket(path, LocalSocket.Bind(path, isForGroup: false), endpoints, loggers);
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
