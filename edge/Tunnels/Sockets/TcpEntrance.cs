using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;
using WeCan.Runtime.Sockets;
using WeCan.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>A TCP port of this edge: whoever connects is brought to the tunnel's target.</summary>
internal sealed class TcpEntrance(Socket socket, SocketSet set, byte[] buffer, TunnelEntry entry, StreamTunnel tunnel, TunnelTraffic traffic) : LoopSocket(socket)
{
    private const int Backlog = 512;

    /// <exception cref="RuntimeStartException">The address cannot be bound; the message says what to do.</exception>
    public static Socket Listen(IPEndPoint bind)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (bind.AddressFamily == AddressFamily.InterNetworkV6 && bind.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(bind);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw new RuntimeStartException(
                failure.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"TCP port {bind.Port} is in use by another program: stop that program, or choose another port for the tunnel."
                    : $"The tunnel's address {bind} cannot be listened on ({failure.Message}): name another one.",
                failure);
        }
    }

    public override bool Run(Node node, MonoTime now)
    {
        for (var i = 0; i < TunnelLimits.AcceptsPerTurn; i++)
        {
            if (!MayRead)
                return false;
            if (!Socket.Poll(0, SelectMode.SelectRead))
            {
                MayRead = false;
                return false;
            }

            Accept(node, now);
        }

        return true;
    }

    private void Accept(Node node, MonoTime now)
    {
        TcpStream stream;
        try
        {
            stream = new TcpStream(Socket.Accept(), set, buffer, traffic);
        }
        catch (SocketException)
        {
            // Gone already, or there are no descriptors left: the next one who comes has this looked at again.
            MayRead = false;
            return;
        }

        set.Add(stream);
        stream.Connection = entry.Open(node, now, tunnel, stream);
    }
}
