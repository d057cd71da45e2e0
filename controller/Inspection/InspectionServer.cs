using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>The inspection API over TLS, on a port of its own: what the controller's socket answers, for whom the gate lets in.</summary>
internal sealed class InspectionServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ApiGate _gate;

    private InspectionServer(WebApplication app, ApiGate gate) => (_app, _gate) = (app, gate);

    public static async Task<InspectionServer> StartAsync(ApiSettings settings, X509Certificate2 own, InspectionDesk desk, ApiGate gate, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var (certificate, chain) = Load(settings, own);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, settings.Listen!, certificate, chain));
        var app = builder.Build();
        var endpoints = desk.Endpoints();
        app.Run(context => AnswerAsync(context, desk.RoleOf(context.Request), endpoints, gate));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            await app.DisposeAsync();
            throw DaemonFailure.Listening("inspection.listen", settings.Listen!, failure);
        }

        return new(app, gate) { Address = new(settings.Listen!.Address, new Uri(app.Urls.First()).Port) };
    }

    public required IPEndPoint Address { get; init; }

    /// <summary>Streams of events have no end of their own: they are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _gate.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context, ApiRole? role, ApiEndpoints endpoints, ApiGate gate)
    {
        if (role is { } least && await gate.AdmitAsync(context, least) is { } refusal)
            await ApiEndpoints.SendAsync(context, refusal);
        else
            await endpoints.ServeAsync(context);
    }

    private static void Configure(KestrelServerOptions options, IPEndPoint listen, X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = InspectionLimits.Connections;
        options.Limits.MaxRequestBodySize = InspectionLimits.RequestBytes;
        options.Limits.RequestHeadersTimeout = InspectionLimits.HeadersTime;
        options.Listen(listen, own =>
        {
            own.Protocols = HttpProtocols.Http1AndHttp2;
            own.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = chain });
        });
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(ApiSettings settings, X509Certificate2 own)
    {
        if (settings.Certificate is null)
            return (own, []);
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.Certificate);
            return (X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key), chain);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"The API's certificate {settings.Certificate} with the key {settings.Key} cannot be used: {failure.Message}", ExitCodes.Config, failure);
        }
    }
}
