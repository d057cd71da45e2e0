using System.Net.Http.Headers;
using System.Net.Sockets;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Local;

/// <summary>Asks a daemon on its Unix socket. Whatever keeps it from an answer is one sentence for the person who asked.</summary>
/// <param name="path">Where the daemon's socket is.</param>
/// <param name="daemon">As it is called, for the sentences: "wecan-relay".</param>
public sealed class LocalClient(string path, string daemon)
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    /// <summary>Asks; fails where no such daemon runs.</summary>
    /// <exception cref="DaemonException">There is no answer; the message says why.</exception>
    public async Task<LocalReply> AskAsync(HttpMethod method, string question, byte[]? json, CancellationToken cancellation) =>
        await TryAskAsync(method, question, json, HostingLimits.LocalAnswerTime, cancellation)
        ?? throw new DaemonException($"No {daemon} answers at {path}: start it (`systemctl start {daemon}`), or name its data folder with --data.", ExitCodes.Unavailable);

    /// <summary>Asks; null where nobody listens.</summary>
    /// <exception cref="DaemonException">Somebody listens, and there is no answer; the message says why.</exception>
    public async Task<LocalReply?> TryAskAsync(HttpMethod method, string question, byte[]? json, TimeSpan bound, CancellationToken cancellation)
    {
        using var socket = await TryConnectAsync(cancellation);
        if (socket is null)
            return null;
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true)) };
        using var http = new HttpClient(handler) { Timeout = bound };
        using var request = new HttpRequestMessage(method, new Uri($"http://{daemon}{question}"));
        if (json is not null)
            request.Content = new ByteArrayContent(json) { Headers = { ContentType = JsonType } };
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            return new((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException broken)
        {
            throw new DaemonException($"The {daemon} that runs ended before it answered: look at its log (`journalctl -u {daemon}`).", ExitCodes.Unavailable, broken);
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new DaemonException($"The {daemon} that runs does not answer within {bound.TotalSeconds:0} s: look at its log (`journalctl -u {daemon}`).", ExitCodes.Unavailable, late);
        }
    }

    private async Task<Socket?> TryConnectAsync(CancellationToken cancellation)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > HostingLimits.SocketPathBytes)
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            if (LocalSocket.IsNobody(failure))
                return null;
            throw failure.SocketErrorCode == SocketError.AccessDenied
                ? new DaemonException($"{Environment.UserName} may not ask the {daemon} at {path}: use the user that it runs as, or sudo.", ExitCodes.NoPermission, failure)
                : new DaemonException($"The {daemon} at {path} cannot be asked: {failure.Message}", ExitCodes.Unavailable, failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
