using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Sockets;

/// <summary>
/// Takes datagrams one by one off .NET's socket without allocating: for systems that offer nothing better. An empty socket
/// answers with an exception, so it is asked only when it was seen readable.
/// </summary>
internal sealed class SocketIngress(Socket socket, SocketStatistics statistics) : IDatagramIngress
{
    private readonly SocketAddress _source = new(socket.AddressFamily);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(SocketLimits.ReceiveBuffer, pinned: true);

    /// <summary>
    /// True when another datagram is known to wait. An empty datagram counts as none: it is nothing anyone here could use, and
    /// the next look at the socket's readiness takes it away.
    /// </summary>
    public bool HasMore => socket.Available > 0;

    public bool TryReceive(out NetAddress from, out ReadOnlySpan<byte> datagram)
    {
        try
        {
            var length = socket.ReceiveFrom(_buffer, SocketFlags.None, _source);
            statistics.ReceiveCalls++;
            statistics.DatagramsReceived++;
            statistics.BytesReceived += length;
            from = SocketAddresses.Read(_source);
            datagram = _buffer.AsSpan(0, length);
            return true;
        }
        catch (SocketException failure)
        {
            // Windows says MessageSize of a datagram longer than the buffer; anything else concerns a datagram sent earlier.
            if (failure.SocketErrorCode is not SocketError.WouldBlock)
                statistics.ReceiveErrors++;
            from = NetAddress.None;
            datagram = default;
            return false;
        }
    }

    /// <summary>The system chooses what is answered from.</summary>
    public void OnAuthentic()
    {
    }
}
