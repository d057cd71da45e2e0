using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace WeCan.Hosting.Metrics;

/// <summary>
/// Serves /metrics, /healthz and /readyz: Kestrel with nothing on top of it, bounded in connections and in what a request
/// may be. Everything else is told what there is.
/// </summary>
internal sealed class MetricsServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly MetricRegistry _registry;
    private readonly HealthState _health;

    public MetricsServer(IPEndPoint listen, MetricRegistry registry, HealthState health, ILoggerFactory loggers)
    {
        (_registry, _health) = (registry, health);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = HostingLimits.MetricsConnections;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestHeadersTotalSize = 8 << 10;
        options.Listen(listen, endPoint => endPoint.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        _server = new KestrelServer(Options.Create(options), transport, loggers);
    }

    /// <summary>Where it is served, when it has started.</summary>
    public Uri Address => new(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Task StartAsync(CancellationToken cancellation) => _server.StartAsync(this, cancellation);

    public async ValueTask DisposeAsync()
    {
        // Scrapers that hold their connections open are not waited for.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is kept for a request.
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Answer(context, StatusCodes.Status405MethodNotAllowed, "only GET and HEAD\n");
        }

        return context.Request.Path.Value switch
        {
            "/metrics" => Scrape(context),
            "/healthz" => Report(context, _health.WhatHangs()),
            "/readyz" => Report(context, _health.WhatIsNotReady()),
            _ => Answer(context, StatusCodes.Status404NotFound, "there are /metrics, /healthz and /readyz\n"),
        };
    }

    private async Task Scrape(HttpContext context)
    {
        var format = Accepts(context.Request.Headers.Accept.ToString());
        using var writer = new MetricWriter();
        _registry.Write(format, writer);
        context.Response.ContentType = format == MetricFormat.OpenMetrics
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = writer.Written.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(writer.Written, context.RequestAborted);
    }

    /// <summary>OpenMetrics if it is asked for and plain text is not preferred to it.</summary>
    internal static MetricFormat Accepts(string accept)
    {
        double open = 0, plain = 0;
        foreach (var range in accept.Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var quality = 1.0;
            foreach (var part in parts)
            {
                if (part.StartsWith("q=", StringComparison.OrdinalIgnoreCase) && !double.TryParse(part.AsSpan(2), out quality))
                    quality = 0;
            }

            if (parts[0].Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
                open = Math.Max(open, quality);
            else if (parts[0].Equals("text/plain", StringComparison.OrdinalIgnoreCase))
                plain = Math.Max(plain, quality);
        }

        return open > 0 && open >= plain ? MetricFormat.OpenMetrics : MetricFormat.Prometheus;
    }

    private static Task Report(HttpContext context, string? wrong) => wrong is null
        ? Answer(context, StatusCodes.Status200OK, "ok\n")
        : Answer(context, StatusCodes.Status503ServiceUnavailable, $"{wrong}\n");

    private static Task Answer(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes).AsTask();
    }
}
