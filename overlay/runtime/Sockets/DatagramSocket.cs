using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// A UDP socket that the loop drives, joined and in batches where the system can, as the overlay's own: nothing is allocated for a datagram,
/// and those to one address that follow each other leave together. It sends through the buffers of its <see cref="SocketSet"/>; what
/// the system does not take at once is dropped, as UDP may be. Empty datagrams are dropped both ways.
/// </summary>
public abstract class DatagramSocket : LoopSocket
{
    /// <param name="socket">One that <see cref="Listen"/> or <see cref="Call"/> has opened; this owns it.</param>
    /// <param name="listensOnAll">Whether it hears all of this machine's addresses, and so must answer from the one written to.</param>
    protected DatagramSocket(Socket socket, bool listensOnAll)
        : base(socket)
    {
        socket.ReceiveBufferSize = SocketLimits.SocketBufferBytes;
        socket.SendBufferSize = SocketLimits.SocketBufferBytes;
        if (!OperatingSystem.IsLinux())
            return;
        NativeSocket.TrySetOption(socket, ControlMessages.SolUdp, ControlMessages.UdpGro, 1);
        if (!listensOnAll)
            return;
        ReturnAddresses = new ReturnAddresses();
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            NativeSocket.TrySetOption(socket, ControlMessages.SolIpv6, ControlMessages.Ipv6ReceivePacketInfo, 1);
        else
            NativeSocket.TrySetOption(socket, ControlMessages.SolIp, ControlMessages.IpPacketInfo, 1);
    }

    internal ReturnAddresses? ReturnAddresses { get; }

    /// <summary>Messages to ask for at a time, found from what came the last time.</summary>
    internal int Wanted { get; set; } = SocketLimits.FirstReceiveMessages;

    /// <summary>Opens a socket that hears whoever writes to an address.</summary>
    /// <exception cref="RuntimeStartException">The address cannot be bound; the message says what to do.</exception>
    public static Socket Listen(IPEndPoint bind)
    {
        ArgumentNullException.ThrowIfNull(bind);
        var socket = OverlaySocket.Create(bind);
        try
        {
            socket.Bind(OverlaySocket.ForFamily(bind, socket.AddressFamily));
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw OverlaySocket.Explain(bind, failure);
        }
    }

    /// <summary>Opens a socket that writes to one address, and hears nobody else.</summary>
    /// <exception cref="SocketException">There is no way to that address.</exception>
    public static Socket Call(NetAddress target)
    {
        var socket = OverlaySocket.Create(new IPEndPoint(IPAddress.IPv6Any, 0));
        try
        {
            socket.Connect(OverlaySocket.ForFamily(target.ToEndPoint(), socket.AddressFamily));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    public sealed override bool Run(Node node, MonoTime now) => Set!.Datagrams.Receive(this, node, now);

    /// <summary>Takes a copy of a datagram, to send it at the latest at the end of the loop's turn; false when it is dropped.</summary>
    public bool TrySend(NetAddress to, ReadOnlySpan<byte> payload) => Set is { } set && set.Datagrams.TrySend(this, to, payload);

    /// <summary>A datagram came; it is lent until this returns.</summary>
    protected internal abstract void OnDatagram(Node node, MonoTime now, NetAddress from, ReadOnlySpan<byte> payload);
}
