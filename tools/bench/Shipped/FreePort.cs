using System.Net;
using System.Net.Sockets;

namespace WeCan.Bench.Shipped;

/// <summary>Ports of the loopback that were free a moment ago.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
