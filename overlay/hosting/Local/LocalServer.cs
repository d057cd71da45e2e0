using System.Net.Sockets;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Local;

/// <summary>Answers questions on a Unix socket. Who may ask, the file's owner and mode say (docs/decisions/0035).</summary>
public sealed class LocalServer : IHttpSite, IAsyncDisposable
{
    private readonly string _path;
    private readonly LocalEndpoints _endpoints;
    private readonly HttpServer _server;

    private LocalServer(string path, Socket socket, LocalEndpoints endpoints, TimeProvider time)
    {
        (_path, _endpoints) = (path, endpoints);
        _server = new(socket, this, time);
    }

    int IHttpSite.Connections => HostingLimits.LocalConnections;

    int IHttpSite.BodyBytes => HostingLimits.LocalRequestBytes;

    /// <summary>Answers from now on.</summary>
    /// <param name="path">Where the socket is made.</param>
    /// <param name="isForGroup">Whether the members of the file's group may ask, beside its owner.</param>
    /// <param name="endpoints">What is answered.</param>
    /// <param name="time">What the bounds of a connection go by.</param>
    /// <exception cref="DaemonException">Nobody can listen there; the message says what to do.</exception>
    public static LocalServer Start(string path, bool isForGroup, LocalEndpoints endpoints, TimeProvider time)
    {
        var server = new LocalServer(path, LocalSocket.Bind(path, isForGroup), endpoints, time);
        server._server.Start();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        File.Delete(_path);
    }

    async Task<HttpAnswer> IHttpSite.AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        var answer = Written(await _endpoints.AnswerAsync(question, cancellation));
        return answer.Status == HttpStatus.MethodNotAllowed ? answer with { Allow = string.Join(", ", _endpoints.MethodsOf(question.Path)) } : answer;
    }

    HttpAnswer IHttpSite.Refuse(int status, string sentence) =>
        Written(LocalAnswer.Refused(status, status switch { HttpStatus.ServiceUnavailable => ExitCodes.TemporarilyNot, HttpStatus.InternalServerError => ExitCodes.Fault, _ => ExitCodes.Usage }, sentence));

    private static HttpAnswer Written(LocalAnswer answer) => new(answer.Status, "application/json", answer.Json);
}
