using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Service;

/// <summary>
/// Where a controller listens: over TLS for nodes (/v1/authority, /v1/enrol, /v1/control), and on a socket in its data folder
/// for its operator (/v1/admin), which nobody else on the machine may open.
/// </summary>
internal sealed class ControllerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private ControllerServer(WebApplication app, DataFolder folder) => (_app, _folder) = (app, folder);

    /// <summary>Where it listens for nodes: the port that the system chose, if none was asked for.</summary>
    public required IPEndPoint Address { get; init; }

    public static async Task<ControllerServer> StartAsync(DataFolder folder, IPEndPoint listen, NodeEndpoints nodes, AdminDesk desk, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (folder.AdminSocket.Length > ServiceLimits.SocketPath)
            throw new DaemonException($"The folder's path {folder.Path} is too long for the socket in it: name one of at most {ServiceLimits.SocketPath - 12} letters with --data.", ExitCodes.Config);
        File.Delete(folder.AdminSocket);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, folder, listen, nodes));
        var app = builder.Build();
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.Zero });
        app.UseRouting();
        app.MapGet("/v1/authority", nodes.AuthorityAsync);
        app.MapPost("/v1/enrol", nodes.EnrolAsync);
        app.Map("/v1/control", nodes.ControlAsync);
        app.MapPost("/v1/admin", context => IsOperator(context) ? desk.HandleAsync(context) : NotFoundAsync(context));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw new DaemonException($"Nobody can listen on {listen}: {failure.Message} Stop what listens there, or name another port with --listen.", ExitCodes.Unavailable, failure);
        }

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.AdminSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new(app, folder) { Address = new(listen.Address, PortOf(app)) };
    }

    /// <summary>Ends within twice the time to close and what the machine takes, whatever those do who are connected: they are cut then.</summary>
    public async ValueTask DisposeAsync()
    {
        // To dispose of what still runs would do the same, and hold up a thread of the pool meanwhile.
        using var limit = new CancellationTokenSource(ServiceLimits.CloseTime);
        await _app.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        File.Delete(_folder.AdminSocket);
    }

    private static void Configure(KestrelServerOptions options, DataFolder folder, IPEndPoint listen, NodeEndpoints nodes)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = ServiceLimits.Connections;
        options.Limits.MaxConcurrentUpgradedConnections = ServiceLimits.Connections;
        options.Limits.MaxRequestBodySize = ServiceLimits.RequestBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.ListenUnixSocket(folder.AdminSocket, own => own.Protocols = HttpProtocols.Http1);
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

    // Only the operator's socket has no address, and only it is without TLS.
    private static bool IsOperator(HttpContext context) => context.Connection.LocalIpAddress is null && !context.Request.IsHttps;

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
