using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WeCan.Contracts;
using WeCan.Sockets.Linux;

namespace WeCan.Sockets;

/// <summary>
/// Opens the one UDP socket of a driver: IPv6 that also takes IPv4 where the machine has it, else IPv4; never blocking, never
/// fragmenting, with the largest buffers the system gives.
/// </summary>
internal static class OverlaySocket
{
    /// <summary>Linux: numbers of setsockopt that .NET has no name for.</summary>
    private const int SolSocket = 1;
    private const int SoReceiveBufferForce = 33;
    private const int SoSendBufferForce = 32;
    private const int SolIp = 0;
    private const int IpMtuDiscover = 10;
    private const int SolIpv6 = 41;
    private const int Ipv6MtuDiscover = 23;

    /// <summary>Don't fragment, and let no router's word about the size stand in the way of our own probes.</summary>
    private const int MtuDiscoverProbe = 3;

    /// <summary>Windows: without it, an ICMP "port unreachable" fails a later receive.</summary>
    private const int SioUdpConnectionReset = -1744830452;

    /// <exception cref="RuntimeStartException">The address cannot be bound; the message says what to do.</exception>
    public static Socket Open(IPEndPoint bind)
    {
        var socket = Create(bind);
        try
        {
            Prepare(socket);
            socket.Bind(ForFamily(bind, socket.AddressFamily));
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw Explain(bind, failure);
        }
    }

    /// <summary>The address that others on this machine, or beyond it, reach the socket at, as far as binding tells.</summary>
    public static NetAddress LocalAddress(Socket socket) => NetAddress.FromEndPoint((IPEndPoint)socket.LocalEndPoint!);

    /// <summary>
    /// The two ends that the loop drives: in batches and joined where the system can, else one by one. A socket that listens on all
    /// addresses of the machine answers everybody from the one that he wrote to.
    /// </summary>
    public static (IDatagramIngress Ingress, IDatagramEgress Egress) MakeEnds(
        Socket socket, IPEndPoint bind, SocketStatistics statistics, BatchCall? receive = null, BatchCall? send = null)
    {
        receive ??= NativeSocket.Receive;
        send ??= NativeSocket.Send;
        if (!NativeSocket.CanBatch(socket, receive, send))
            return (new SocketIngress(socket, statistics), new SocketEgress(socket, statistics));
        var listensOnAll = bind.Address.Equals(IPAddress.IPv6Any) || bind.Address.Equals(IPAddress.Any);
        var returnAddresses = listensOnAll ? new ReturnAddresses() : null;
        return (new SegmentIngress(socket, statistics, returnAddresses, receive), new SegmentEgress(socket, statistics, returnAddresses, send));
    }

    internal static Socket Create(IPEndPoint bind)
    {
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                return new(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true };
            }
            catch (SocketException) when (CanBeIPv4(bind))
            {
                // A kernel that knows IPv6 and was told not to use it.
            }
        }

        if (!CanBeIPv4(bind))
            throw new RuntimeStartException($"This machine has no IPv6, so {bind} cannot be listened on: name an IPv4 address, such as 0.0.0.0:{bind.Port}.");
        return new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    }

    private static bool CanBeIPv4(IPEndPoint bind) =>
        bind.AddressFamily == AddressFamily.InterNetwork || bind.Address.Equals(IPAddress.IPv6Any) || bind.Address.IsIPv4MappedToIPv6;

    internal static IPEndPoint ForFamily(IPEndPoint bind, AddressFamily family)
    {
        if (family == AddressFamily.InterNetworkV6)
            return bind.Address.Equals(IPAddress.Any) ? bind : new(bind.Address.MapToIPv6(), bind.Port);
        return new(bind.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Any : bind.Address.MapToIPv4(), bind.Port);
    }

    private static void Prepare(Socket socket)
    {
        socket.Blocking = false;
        socket.ReceiveBufferSize = SocketLimits.SocketBufferBytes;
        socket.SendBufferSize = SocketLimits.SocketBufferBytes;
        if (OperatingSystem.IsLinux())
        {
            // Best effort: the forced sizes need a privilege. Buffers that stay small are reported when the driver starts.
            NativeSocket.TrySetOption(socket, SolSocket, SoReceiveBufferForce, SocketLimits.SocketBufferBytes);
            NativeSocket.TrySetOption(socket, SolSocket, SoSendBufferForce, SocketLimits.SocketBufferBytes);
            NativeSocket.TrySetOption(socket, SolIp, IpMtuDiscover, MtuDiscoverProbe);
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                NativeSocket.TrySetOption(socket, SolIpv6, Ipv6MtuDiscover, MtuDiscoverProbe);
        }
        else if (OperatingSystem.IsWindows())
        {
            IgnoreConnectionResets(socket);
        }
    }

    [SupportedOSPlatform("windows")]
    private static void IgnoreConnectionResets(Socket socket) =>
        socket.IOControl(SioUdpConnectionReset, new byte[sizeof(int)], null);

    internal static RuntimeStartException Explain(IPEndPoint bind, SocketException failure) => new(failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"UDP port {bind.Port} is in use by another program: stop that program, or choose another port.",
        SocketError.AccessDenied =>
            $"UDP port {bind.Port} may not be opened by this user: choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE.",
        SocketError.AddressNotAvailable =>
            $"The address {bind.Address} is none of this machine's: name one that it has, or [::] for all of them.",
        _ => $"The address {bind} cannot be listened on ({failure.Message}): name another one.",
    }, failure);
}
