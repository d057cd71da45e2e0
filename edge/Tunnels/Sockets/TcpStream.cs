using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>
/// A program's or a target's TCP connection, driven by the loop. It reads only what the tunnel's connection has an appetite for, straight
/// into the loop's one buffer, and writes what the connection hands it; neither ever waits.
/// </summary>
internal sealed class TcpStream : LoopSocket, ILocalStream
{
    private readonly SocketSet _set;
    private readonly byte[] _buffer;
    private readonly TunnelTraffic? _traffic;
    private bool _hasEnded;
    private bool _isBroken;
    private bool _isOver;

    /// <param name="socket">A connected socket; this owns it.</param>
    /// <param name="set">Where it is to be driven; its maker adds it there.</param>
    /// <param name="buffer">What all streams of the loop read into, one at a time.</param>
    /// <param name="traffic">Where a tunnel's entry counts; null at its exit.</param>
    public TcpStream(Socket socket, SocketSet set, byte[] buffer, TunnelTraffic? traffic = null)
        : base(socket)
    {
        (_set, _buffer, _traffic) = (set, buffer, traffic);
        if (_traffic is not null)
            _traffic.Connections++;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    public StreamConnection? Connection { get; set; }

    public override bool Run(Node node, MonoTime now)
    {
        if (_isOver || Connection is null)
            return false;
        if (!_isBroken && MayWrite && Connection.Waiting > 0)
            Connection.HandleLocalWritable(node, now);
        if (_isBroken && !_isOver)
        {
            Break(node, now);
            return false;
        }

        return !_isOver && MayRead && !_hasEnded && Read(node, now);
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        if (_isBroken)
            return 0;
        var taken = Socket.Send(bytes, SocketFlags.None, out var error);
        if (_traffic is not null)
            _traffic.BytesOut += taken;
        if (error == SocketError.Success)
            return taken;
        MayWrite = false;
        if (error is SocketError.WouldBlock or SocketError.IOPending)
            return taken;
        _isBroken = true;
        _set.Schedule(this);
        return taken;
    }

    public void FinishWriting()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The program is gone already: reading tells.
        }
    }

    public void Close() => Leave();

    public void Reset()
    {
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Leave();
    }

    public void ReadOn() => _set.Schedule(this);

    /// <summary>One read; true when there may be more, and a taker for it.</summary>
    private bool Read(Node node, MonoTime now)
    {
        var appetite = Connection!.Appetite;
        if (appetite == 0)
        {
            // Nothing is read, so a reset would not show: the other end is to hear of it even so.
            if ((SocketError)(int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != SocketError.Success)
                Break(node, now);
            return false;
        }

        var count = Socket.Receive(_buffer.AsSpan(0, appetite), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            MayRead = false;
            return false;
        }

        if (error != SocketError.Success)
        {
            Break(node, now);
            return false;
        }

        if (count == 0)
        {
            _hasEnded = true;
            Connection.HandleLocalEnd(node, now);
            return false;
        }

        if (_traffic is not null)
            _traffic.BytesIn += count;
        Connection.HandleLocal(node, now, _buffer.AsSpan(0, count));
        return !_isOver && Connection.Appetite > 0;
    }

    private void Break(Node node, MonoTime now)
    {
        Leave();
        Connection!.HandleLocalReset(node, now);
    }

    private void Leave()
    {
        if (_traffic is not null && !_isOver)
            _traffic.Connections--;
        _isOver = true;
        _set.Remove(this);
    }
}
