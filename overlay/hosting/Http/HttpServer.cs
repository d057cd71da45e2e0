using System.Net.Sockets;

namespace WeCan.Hosting.Http;

/// <summary>
/// A server for the few small requests that a daemon answers: HTTP/1.1 on a socket that its owner has bound, whole questions and whole
/// answers. What a peer can make it hold is bounded: connections by the site, and each of them by <see cref="HostingLimits"/> in bytes and
/// in time. Nothing that a peer sends ends it. The controller's API, which needs TLS and streams, has Kestrel instead (docs/decisions/0049).
/// </summary>
internal sealed class HttpServer(Socket listener, IHttpSite site, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _open;

    /// <summary>Connections that it holds now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <exception cref="SocketException">Nobody can listen there.</exception>
    public void Start()
    {
        listener.Listen(HostingLimits.HttpBacklog);
        _accepting = AcceptAsync();
    }

    /// <summary>Who holds a connection open is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Begin(await listener.AcceptAsync(_stop.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that was gone again, or no descriptor is left: others may end meanwhile.
                await Task.Delay(HostingLimits.HttpAcceptPause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One too many is told so, as long as few are told at once; more are cut off.</summary>
    private void Begin(Socket socket)
    {
        var open = Interlocked.Increment(ref _open);
        if (open > site.Connections + HostingLimits.HttpRefusals)
        {
            Interlocked.Decrement(ref _open);
            socket.Dispose();
            return;
        }

        // Not on the thread that accepts: a peer that always has more to say would hold it.
        _ = Task.Run(() => ServeAsync(socket, isOneTooMany: open > site.Connections));
    }

    private async Task ServeAsync(Socket socket, bool isOneTooMany)
    {
        try
        {
            using var connection = new HttpConnection(socket, site, time, _stop.Token);
            await (isOneTooMany ? connection.TurnAwayAsync() : connection.ServeAsync());
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
