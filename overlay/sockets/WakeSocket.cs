using System.Net;
using System.Net.Sockets;

namespace WeCan.Sockets;

/// <summary>
/// Wakes a loop that sleeps on its sockets: a UDP socket on the loopback, connected to itself, so that the kernel takes nothing from
/// anyone else. Any thread signals; the loop clears. Between two clearings at most one datagram is sent.
/// </summary>
internal sealed class WakeSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _byte = new byte[1];
    private int _signalled;

    /// <exception cref="RuntimeStartException">This machine has no loopback.</exception>
    public WakeSocket()
    {
        var loopback = Socket.OSSupportsIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        _socket = new(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            _socket.Bind(new IPEndPoint(loopback, 0));
            _socket.Connect(_socket.LocalEndPoint!);
        }
        catch (SocketException failure)
        {
            _socket.Dispose();
            throw new RuntimeStartException($"The loopback address {loopback} cannot be used ({failure.Message}): bring the interface lo up.", failure);
        }
    }

    public Socket Socket => _socket;

    public void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) != 0)
            return;
        try
        {
            _socket.Send([1]);
        }
        catch (SocketException)
        {
            // Not sent: the next signal is to try again.
            Interlocked.Exchange(ref _signalled, 0);
        }
        catch (ObjectDisposedException)
        {
            // The loop has stopped in this moment, and nobody is left to wake.
        }
    }

    /// <summary>
    /// By the loop, once the socket was seen readable and before it looks for what it was woken for: a signal from then on is a
    /// new one. Earlier it might clear a signal whose datagram is still to be sent, which then would wake the loop for ever.
    /// </summary>
    public void Clear()
    {
        while (_socket.Available > 0)
            _socket.Receive(_byte);
        Interlocked.Exchange(ref _signalled, 0);
    }

    public void Dispose() => _socket.Dispose();
}
