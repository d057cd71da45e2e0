using System.Net;
using System.Net.Sockets;
using System.Text;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Metrics;

/// <summary>
/// Serves /metrics, /healthz and /readyz over TCP. Everything else is told what there is. The text goes as it is: to pack it would cost
/// more than it saves on the one machine, or the one network, that scrapes cross.
/// </summary>
internal sealed class MetricsServer(IPEndPoint listen, MetricRegistry registry, HealthState health, TimeProvider time) : IHttpSite, IAsyncDisposable
{
    private const string Plain = "text/plain; charset=utf-8";
    private const string Methods = "GET, HEAD";

    private readonly Socket _socket = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private HttpServer? _server;

    /// <summary>Where it is served, when it has started.</summary>
    public Uri Address => new($"http://{_socket.LocalEndPoint}/");

    public int Connections => HostingLimits.MetricsConnections;

    public int BodyBytes => 0;

    /// <exception cref="SocketException">Nobody can listen there.</exception>
    public void Start()
    {
        // Who says "all addresses" means those of IPv4 too.
        if (listen.Address.Equals(IPAddress.IPv6Any))
            _socket.DualMode = true;

        // What it accepts takes this over: the page's first part does not wait for the last.
        _socket.NoDelay = true;
        _socket.Bind(listen);
        _server = new(_socket, this, time);
        _server.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _socket.Dispose();
    }

    public Task<HttpAnswer> AnswerAsync(HttpQuestion question, CancellationToken cancellation) => Task.FromResult(question switch
    {
        { Method: not "GET" } => Text(HttpStatus.MethodNotAllowed, "only GET and HEAD") with { Allow = Methods },
        { Path: "/metrics" } => Scrape(question),
        { Path: "/healthz" } => Report(health.WhatHangs()),
        { Path: "/readyz" } => Report(health.WhatIsNotReady()),
        _ => Text(HttpStatus.NotFound, "there are /metrics, /healthz and /readyz"),
    });

    public HttpAnswer Refuse(int status, string sentence) => Text(status, sentence);

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

    private HttpAnswer Scrape(HttpQuestion question)
    {
        var format = Accepts(question.Accept);
        var writer = new MetricWriter();
        try
        {
            registry.Write(format, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        var type = format == MetricFormat.OpenMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        return new(HttpStatus.Ok, type, writer.Written) { Lender = writer };
    }

    private static HttpAnswer Report(string? wrong) => wrong is null ? Text(HttpStatus.Ok, "ok") : Text(HttpStatus.ServiceUnavailable, wrong);

    private static HttpAnswer Text(int status, string text) => new(status, Plain, Encoding.UTF8.GetBytes($"{text}\n"));
}
