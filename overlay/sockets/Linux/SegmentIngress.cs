using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Sockets.Linux;

/// <summary>
/// Takes datagrams off the socket by recvmmsg, many at a time; where the kernel joins those of one sender (GRO), a message is a row of
/// them, each of the same length but the last. It owns the memory they lie in and lends one after another. Allocates nothing
/// once it is made.
/// </summary>
internal sealed class SegmentIngress : IDatagramIngress
{
    private readonly SocketStatistics _statistics;
    private readonly BatchCall _receive;
    private int _descriptor;
    private ReturnAddresses? _returnAddresses;
    private readonly byte[] _bytes = Pinned<byte>(SocketLimits.ReceiveMessages * SocketLimits.ReceiveStride);
    private readonly byte[] _names = Pinned<byte>(SocketLimits.ReceiveMessages * SocketAddresses.MaxBytes);
    private readonly byte[] _controls = Pinned<byte>(SocketLimits.ReceiveMessages * ControlMessages.Room);
    private readonly IoVector[] _parts = Pinned<IoVector>(SocketLimits.ReceiveMessages);
    private readonly MessageEntry[] _messages = Pinned<MessageEntry>(SocketLimits.ReceiveMessages);
    private int _wanted = SocketLimits.ReceiveMessages;
    private int _count;
    private int _next;
    private bool _mayHaveMore;
    private int _at;
    private int _end;
    private int _segment;
    private NetAddress _from;
    private ulong _toHigh;
    private ulong _toLow;
    private bool _isNews;

    public SegmentIngress(Socket socket, SocketStatistics statistics, ReturnAddresses? returnAddresses, BatchCall receive)
    {
        _statistics = statistics;
        _receive = receive;
        _descriptor = (int)socket.Handle;
        _returnAddresses = returnAddresses;
        _statistics.JoinsReceives = NativeSocket.TrySetOption(socket, ControlMessages.SolUdp, ControlMessages.UdpGro, 1);
        if (returnAddresses is not null)
        {
            if (socket.AddressFamily == AddressFamily.InterNetworkV6)
                NativeSocket.TrySetOption(socket, ControlMessages.SolIpv6, ControlMessages.Ipv6ReceivePacketInfo, 1);
            else
                NativeSocket.TrySetOption(socket, ControlMessages.SolIp, ControlMessages.IpPacketInfo, 1);
        }

        for (var i = 0; i < _messages.Length; i++)
        {
            _parts[i] = new() { Base = AddressOf(_bytes, i * SocketLimits.ReceiveStride), Length = SocketLimits.LongestReceive };
            _messages[i].Header.Name = AddressOf(_names, i * SocketAddresses.MaxBytes);
            _messages[i].Header.Parts = AddressOf(_parts, i);
            _messages[i].Header.PartCount = 1;
            _messages[i].Header.Control = AddressOf(_controls, i * ControlMessages.Room);
        }
    }

    public bool HasMore => HasTaken || _mayHaveMore;

    /// <summary>Some that were taken from the socket wait here.</summary>
    public bool HasTaken => _at < _end || _next < _count;

    /// <summary>The system told of an error in place of datagrams, of which there may be more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Messages that it will ask for.</summary>
    public int Wanted => _wanted;

    /// <summary>Takes from another socket from now on; nothing of the one before may wait here.</summary>
    public void Attach(int descriptor, ReturnAddresses? returnAddresses, int wanted)
    {
        (_descriptor, _returnAddresses, _wanted) = (descriptor, returnAddresses, wanted);
        (_mayHaveMore, _isNews, HasFailed) = (false, false, false);
    }

    public bool TryReceive(out NetAddress from, out ReadOnlySpan<byte> datagram)
    {
        if (_at >= _end && !TryTakeMessage())
        {
            from = NetAddress.None;
            datagram = default;
            return false;
        }

        var length = Math.Min(_segment, _end - _at);
        datagram = _bytes.AsSpan(_at, length);
        from = _from;
        _at += length;
        _statistics.DatagramsReceived++;
        _statistics.BytesReceived += length;
        return true;
    }

    public void OnAuthentic()
    {
        if (!_isNews)
            return;
        _isNews = false;
        _returnAddresses!.Trust(_from, _toHigh, _toLow);
    }

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private static nint AddressOf<T>(T[] pinned, int index) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    /// <summary>An empty message is counted and skipped: it is nothing anyone here could use.</summary>
    private bool TryTakeMessage()
    {
        while (true)
        {
            if (_next >= _count && !TryReceiveBatch())
                return false;
            var message = _next++;
            ref readonly var entry = ref _messages[message];
            if (entry.Length == 0)
            {
                _statistics.DatagramsReceived++;
                continue;
            }

            _at = message * SocketLimits.ReceiveStride;
            _end = _at + (int)entry.Length;
            _from = SocketAddresses.Read(_names.AsSpan(message * SocketAddresses.MaxBytes, SocketAddresses.MaxBytes));
            ControlMessages.Read(
                _controls.AsSpan(message * ControlMessages.Room, (int)entry.Header.ControlLength), out _segment, out _toHigh, out _toLow);
            if (_segment <= 0)
                _segment = (int)entry.Length;
            _isNews = _returnAddresses is not null && (_toHigh | _toLow) != 0 && _returnAddresses.OnReceived(_from, _toHigh, _toLow);
            return true;
        }
    }

    private bool TryReceiveBatch()
    {
        for (var i = 0; i < _wanted; i++)
        {
            // The kernel wrote how much of both it used.
            _messages[i].Header.NameLength = SocketAddresses.MaxBytes;
            _messages[i].Header.ControlLength = ControlMessages.Room;
        }

        (_next, _count) = (0, 0);
        var result = _receive(_descriptor, _messages.AsSpan(0, _wanted));
        _statistics.ReceiveCalls++;
        _mayHaveMore = result == _wanted;
        HasFailed = result < 0 && -result != Errno.Again;
        if (result > 0)
        {
            _count = result;
            _wanted = NextWanted();
            return true;
        }

        // What was wrong with a datagram sent earlier is told here once, and is over then.
        if (-result is not (Errno.Again or Errno.Interrupted))
            _statistics.ReceiveErrors++;
        return false;
    }

    /// <summary>
    /// As many messages as a turn's datagrams came in this time: long rows that wait here, and not in the socket, only push out of
    /// the processor's cache what the turn works with.
    /// </summary>
    private int NextWanted()
    {
        long bytes = 0;
        for (var i = 0; i < _count; i++)
            bytes += _messages[i].Length;
        return (int)Math.Clamp(SocketLimits.ReceivesAtATime * (long)WireLimits.FullDatagram * _count / (bytes + 1), 1, _messages.Length);
    }
}
