using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Tests;

/// <summary>A client's session on a socket and a thread of its own: all that driving one takes.</summary>
internal sealed class ClientOnSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ClientSession _session;
    private readonly Action<ClientSession, MonoTime> _serve;
    private readonly MonotonicClock _clock = new();
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="options">What the session needs.</param>
    /// <param name="serve">Called after everything that happened, on the session's thread: takes what came, and says what there is to say.</param>
    public ClientOnSocket(ClientSessionOptions options, Action<ClientSession, MonoTime> serve)
    {
        (_session, _serve) = (new ClientSession(options, DeterministicRandom.FromNumber(77)), serve);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, options.EdgeAddress.Port));
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Says goodbye.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join(TestNode.Bound);
        _session.Dispose();
        _socket.Dispose();
    }

    private void Run()
    {
        var buffer = new byte[WireLimits.FullDatagram];
        var edge = NetAddress.FromIPv4(0x7F00_0001, (ushort)((IPEndPoint)_socket.RemoteEndPoint!).Port);
        while (!_stopping)
        {
            var wait = Duration.Max(Duration.Zero, Duration.Min(_session.GetNextTimeout(_clock.Now) - _clock.Now, Duration.FromMilliseconds(20)));
            if (_socket.Poll((int)wait.Microseconds, SelectMode.SelectRead))
                _session.HandleDatagram(_clock.Now, edge, buffer.AsSpan(0, _socket.Receive(buffer)));
            if (_session.GetNextTimeout(_clock.Now) <= _clock.Now)
                _session.HandleTimeout(_clock.Now);
            _serve(_session, _clock.Now);
            Transmit(buffer);
        }

        _session.Close();
        Transmit(buffer);
    }

    private void Transmit(byte[] buffer)
    {
        while (_session.TryPollTransmit(_clock.Now, buffer, out _, out var length))
            _socket.Send(buffer, length, SocketFlags.None);
    }
}
