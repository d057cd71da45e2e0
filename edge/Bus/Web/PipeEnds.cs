using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace WeCan.Edge.Bus.Web;

/// <summary>What it looks like when a connection is over.</summary>
internal static class PipeEnds
{
    public static bool IsEnd(Exception failure) =>
        failure is IOException or SocketException or WebSocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException or InvalidOperationException;
}
