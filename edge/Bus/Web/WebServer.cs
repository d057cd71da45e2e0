using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// Takes connections by TCP and makes clients of them: TLS, a few requests of HTTP, and WebSockets, without a web library. What anybody can make it
/// hold is bounded by <see cref="WebLimits"/>, and where strangers take it all, those who came first and said nothing go first.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<WebConnection, bool> _open = new();
    private readonly ITimer _looks;
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">Nobody can listen there.</exception>
    public WebServer(IPEndPoint listen, WebGateway gateway, Func<SslServerAuthenticationOptions> tls, TimeProvider time)
    {
        (Gateway, _tls, _time) = (gateway, tls, time);
        Strangers = new(WebLimits.Strangers, WebLimits.StrangerTime, time, _ => Counters.Refuse(WebRefusal.Silent));
        Handshakes = new(WebLimits.Handshakes, WebLimits.HandshakeTime, time, _ => { });
        _listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (listen.AddressFamily == AddressFamily.InterNetworkV6)
                _listener.DualMode = true;
            _listener.Bind(listen);
            _listener.Listen(WebLimits.Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _looks = time.CreateTimer(_ => Look(), null, WebLimits.StrangerLook, WebLimits.StrangerLook);
    }

    private readonly Func<SslServerAuthenticationOptions> _tls;

    public IPEndPoint Address { get; }

    public WebGateway Gateway { get; }

    public WebCounters Counters => Gateway.Counters;

    public Strangers Strangers { get; }

    public Strangers Handshakes { get; }

    public ByteBudget Bodies { get; } = new(WebLimits.BodyBytes);

    /// <summary>As they are now: the certificate may be another for each handshake.</summary>
    public SslServerAuthenticationOptions Tls => _tls();

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Connections that it holds, clients among them.</summary>
    public int Open => _open.Count;

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Ends all connections; clients were told before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await _looks.DisposeAsync();
        _listener.Dispose();
        foreach (var connection in _open.Keys)
            connection.Abort();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Begin(await _listener.AcceptAsync(_stop.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that was gone again, or no descriptor is left: then a stranger makes room.
                Strangers.EndFirst();
                await Task.Delay(WebLimits.AcceptPause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Socket socket)
    {
        if (_open.Count >= WebLimits.Connections)
        {
            Counters.Refuse(WebRefusal.NoRoom);
            socket.Dispose();
            return;
        }

        // Not on the thread that accepts: a peer that always has more to say would hold it.
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Server.ServeAsync(work.Socket), (Server: this, Socket: socket), preferLocal: false);
    }

    private async Task ServeAsync(Socket socket)
    {
        WebConnection connection;
        try
        {
            socket.NoDelay = true;
            connection = new(socket, this);
        }
        catch (Exception end) when (PipeEnds.IsEnd(end))
        {
            // Gone before it began.
            socket.Dispose();
            return;
        }

        _open[connection] = true;
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private void Look()
    {
        Strangers.EndLate();
        Handshakes.EndLate();
    }
}
