using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>A TCP connection to a target that is being made. It tells its end once: the error, or none.</summary>
internal sealed class TcpCall : LoopSocket
{
    private readonly SocketSet _set;
    private readonly Action<TcpCall, Node, MonoTime, SocketError> _ended;
    private bool _isOver;

    private TcpCall(Socket socket, SocketSet set, Action<TcpCall, Node, MonoTime, SocketError> ended)
        : base(socket) => (_set, _ended) = (set, ended);

    public MonoTime Until { get; private init; }

    /// <summary>Begins a call; null, with the error, where it cannot even begin.</summary>
    public static TcpCall? Begin(
        SocketSet set, IPAddress address, ushort port, MonoTime until, Action<TcpCall, Node, MonoTime, SocketError> ended, out SocketError error)
    {
        error = SocketError.Success;
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            var call = new TcpCall(socket, set, ended) { Until = until };
            call.Connect(new IPEndPoint(address, port));
            set.Add(call);
            return call;
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            error = failure.SocketErrorCode;
            return null;
        }
    }

    public override bool Run(Node node, MonoTime now)
    {
        if (!MayWrite || _isOver)
            return false;
        End(node, now, (SocketError)(int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!);
        return false;
    }

    /// <summary>The target had its time.</summary>
    public void GiveUp(Node node, MonoTime now)
    {
        if (!_isOver)
            End(node, now, SocketError.TimedOut);
    }

    /// <summary>Hands the connected socket over; the call is over, and closes nothing.</summary>
    public Socket Release()
    {
        _set.Release(this);
        return Socket;
    }

    private void Connect(IPEndPoint target)
    {
        try
        {
            Socket.Connect(target);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It is under way.
        }
    }

    private void End(Node node, MonoTime now, SocketError error)
    {
        _isOver = true;
        _ended(this, node, now, error);
        _set.Remove(this);
    }
}
