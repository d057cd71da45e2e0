using System.Net.Sockets;
using System.Text;

namespace WeCan.Hosting.Tests.Support;

/// <summary>Stands in for systemd: the socket that NOTIFY_SOCKET names, and what came to it.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <param name="address">A path, or a name with "@" before it.</param>
    public NotifySocket(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
    }

    public string Address { get; }

    /// <summary>The next message; fails when none comes within the bound.</summary>
    public string Receive()
    {
        Assert.True(_socket.Poll(Bound, SelectMode.SelectRead), "nothing came to the notify socket");
        var buffer = new byte[4_096];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    /// <summary>Skips messages until one starts so.</summary>
    public string ReceiveUntil(string start)
    {
        while (true)
        {
            var message = Receive();
            if (message.StartsWith(start, StringComparison.Ordinal))
                return message;
        }
    }

    public bool HasWithin(TimeSpan bound) => _socket.Poll(bound, SelectMode.SelectRead);

    public bool IsEmpty => !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public void Dispose() => _socket.Dispose();
}
