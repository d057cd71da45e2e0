using System.Net;
using System.Net.Sockets;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>Stands between one client and an edge, and can stop letting UDP through.</summary>
internal sealed class UdpRelay : IDisposable
{
    private readonly Socket _inside = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _outside = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private volatile EndPoint? _client;

    public UdpRelay(int edge)
    {
        _inside.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _outside.Connect(IPAddress.Loopback, edge);
        _ = ForwardAsync();
        _ = ReturnAsync();
    }

    public int Port => ((IPEndPoint)_inside.LocalEndPoint!).Port;

    /// <summary>Nothing comes through.</summary>
    public volatile bool IsBlocked;

    public void Dispose()
    {
        _stop.Cancel();
        _inside.Dispose();
        _outside.Dispose();
        _stop.Dispose();
    }

    private async Task ForwardAsync()
    {
        var buffer = new byte[2_048];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var received = await _inside.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                _client = received.RemoteEndPoint;
                if (!IsBlocked)
                    await _outside.SendAsync(buffer.AsMemory(0, received.ReceivedBytes), _stop.Token);
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Nobody listens there now, or this is over.
            }
        }
    }

    private async Task ReturnAsync()
    {
        var buffer = new byte[2_048];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _outside.ReceiveAsync(buffer, _stop.Token);
                if (!IsBlocked && _client is { } client)
                    await _inside.SendToAsync(buffer.AsMemory(0, length), client, _stop.Token);
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // As above.
            }
        }
    }
}
