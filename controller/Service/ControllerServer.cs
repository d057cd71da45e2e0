using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Service;

/// <summary>Where a controller listens for nodes, over TLS: /v1/authority, /v1/leader, /v1/enrol, /v1/control.</summary>
internal sealed class ControllerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControllerServer(WebApplication app) => _app = app;

    /// <summary>Where it listens for nodes: the port that the system chose, if none was asked for.</summary>
    public required IPEndPoint Address { get; init; }

    public static async Task<ControllerServer> StartAsync(IPEndPoint listen, NodeEndpoints nodes, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, listen, nodes));
        var app = builder.Build();
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.Zero });
        app.UseRouting();
        app.MapGet("/v1/authority", nodes.AuthorityAsync);
        app.MapGet(OtherControllers.Question, nodes.LeaderAsync);
        app.MapPost("/v1/enrol", nodes.EnrolAsync);
        app.Map("/v1/control", nodes.ControlAsync);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new DaemonException($"Nobody can listen on {listen}: {failure.Message} Stop what listens there, or name another port with --listen.", ExitCodes.Unavailable, failure);
        }

        return new(app) { Address = new(listen.Address, PortOf(app)) };
    }

    /// <summary>Ends within twice the time to close and what the machine takes, whatever those do who are connected: they are cut then.</summary>
    public async ValueTask DisposeAsync()
    {
        // To dispose of what still runs would do the same, and hold up a thread of the pool meanwhile.
        using var limit = new CancellationTokenSource(ServiceLimits.CloseTime);
        await _app.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions options, IPEndPoint listen, NodeEndpoints nodes)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = ServiceLimits.Connections;
        options.Limits.MaxConcurrentUpgradedConnections = ServiceLimits.Connections;
        options.Limits.MaxRequestBodySize = ServiceLimits.RequestBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Listen(listen, own =>
        {
            own.Protocols = HttpProtocols.Http1;

            // Who shows no certificate may enrol; what one is worth is judged where it is needed, with a sentence for people.
            own.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = nodes.OwnCertificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,
            });
        });
    }

    private static int PortOf(WebApplication app) =>
        app.Urls.Where(url => url.StartsWith("https:", StringComparison.Ordinal)).Select(url => new Uri(url).Port).First();
}
