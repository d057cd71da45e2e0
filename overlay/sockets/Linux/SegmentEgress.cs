using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Sockets.Linux;

/// <summary>
/// Sends datagrams by sendmmsg, many at a time; those to one address that follow each other and are of one length, the last perhaps
/// shorter, leave as one message that the kernel, or the network card, cuts (GSO). Drafts are written one behind the other, so
/// that a message is a stretch of this buffer and nothing is copied. It owns the memory; allocates nothing once it is made.
/// Invariant: messages [_first, _count) wait, in the order of their drafts, and what waits lies before <see cref="_end"/>.
/// </summary>
internal sealed class SegmentEgress : IDatagramEgress
{
    private readonly SocketStatistics _statistics;
    private readonly BatchCall _send;
    private int _descriptor;
    private readonly bool _isIPv6;
    private ReturnAddresses? _returnAddresses;
    private readonly byte[] _bytes = Pinned<byte>(SocketLimits.SendBytes);
    private readonly byte[] _names = Pinned<byte>(SocketLimits.SendMessages * SocketAddresses.MaxBytes);
    private readonly byte[] _controls = Pinned<byte>(SocketLimits.SendMessages * ControlMessages.Room);
    private readonly IoVector[] _parts = Pinned<IoVector>(SocketLimits.SendMessages);
    private readonly MessageEntry[] _messages = Pinned<MessageEntry>(SocketLimits.SendMessages);
    private readonly Run[] _runs = new Run[SocketLimits.SendMessages];
    private int _first;
    private int _count;
    private int _end;
    private bool _isFull;
    private int _refusals;

    public SegmentEgress(Socket socket, SocketStatistics statistics, ReturnAddresses? returnAddresses, BatchCall send)
    {
        _statistics = statistics;
        _send = send;
        _descriptor = (int)socket.Handle;
        _isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        _returnAddresses = returnAddresses;

        // A size of 0 is what a socket begins with: setting it only asks whether the kernel knows of segments.
        _statistics.JoinsSends = NativeSocket.TrySetOption(socket, ControlMessages.SolUdp, ControlMessages.UdpSegment, 0);
        for (var i = 0; i < _messages.Length; i++)
        {
            SocketAddresses.WriteFamily(_isIPv6, Name(i));
            _messages[i].Header.Name = AddressOf(_names, i * SocketAddresses.MaxBytes);
            _messages[i].Header.NameLength = (uint)SocketAddresses.Bytes(_isIPv6);
            _messages[i].Header.Parts = AddressOf(_parts, i);
            _messages[i].Header.PartCount = 1;
            _messages[i].Header.Control = AddressOf(_controls, i * ControlMessages.Room);
        }
    }

    public string? Impairment => null;

    public MonoTime NextDue => MonoTime.Never;

    public Span<byte> Draft => _isFull ? default : _bytes.AsSpan(_end, WireLimits.FullDatagram);

    /// <summary>Room for a datagram that may be longer than the protocol's, made by sending what waits; false while the socket is full.</summary>
    public bool TryReserve(int length, out Span<byte> draft)
    {
        if (_end + length > _bytes.Length)
            TryFlush(MonoTime.Zero);
        draft = _isFull ? default : _bytes.AsSpan(_end, length);
        return !_isFull;
    }

    /// <summary>Sends on another socket of the same family from now on; nothing may wait for the one before.</summary>
    public void Attach(int descriptor, ReturnAddresses? returnAddresses) => (_descriptor, _returnAddresses) = (descriptor, returnAddresses);

    /// <summary>Lets go of what waits, and counts it.</summary>
    public void Discard()
    {
        for (; _first < _count; _first++)
        {
            for (var left = _runs[_first].Left; left > 0; left -= _runs[_first].Segment)
                _statistics.Add(SendFailure.NoBuffers);
        }

        (_first, _count, _end, _isFull) = (0, 0, 0, false);
    }

    public void Send(MonoTime now, NetAddress to, int length)
    {
        if (!TryJoin(to, length) && !TryBegin(to, length))
        {
            _statistics.Add(SendFailure.BadAddress);
            return;
        }

        _end += length;
        if (_end + WireLimits.FullDatagram > _bytes.Length || _count == _messages.Length)
            TryFlush(now);
    }

    public bool TryFlush(MonoTime now)
    {
        _isFull = false;
        while (_first < _count && !_isFull)
        {
            var batch = _runs[_first].IsSingly ? 1 : _count - _first;
            for (var i = 0; i < batch; i++)
                Address(_first + i);
            var sent = _send(_descriptor, _messages.AsSpan(_first, batch));
            _statistics.SendCalls++;
            for (var i = 0; i < sent; i++)
                OnSent(ref _runs[_first]);
            if (sent < 0)
                OnRefused(ref _runs[_first], -sent);
        }

        if (!_isFull)
            (_first, _count, _end) = (0, 0, 0);
        return !_isFull;
    }

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private static nint AddressOf<T>(T[] pinned, int index) => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    private Span<byte> Name(int message) => _names.AsSpan(message * SocketAddresses.MaxBytes, SocketAddresses.MaxBytes);

    private bool TryJoin(NetAddress to, int length)
    {
        if (_count == _first)
            return false;
        ref var run = ref _runs[_count - 1];
        if (run.IsClosed || run.To != to || length > run.Segment || run.Left + length > SocketLimits.LongestSend)
            return false;
        run.Left += length;
        run.IsClosed = length < run.Segment || run.Left == SocketLimits.MostSegments * run.Segment;
        return true;
    }

    /// <summary>What is longer than the protocol's datagrams may be too long for the interface, and then the kernel refuses to cut it.</summary>
    private bool TryBegin(NetAddress to, int length)
    {
        if (!SocketAddresses.TryWrite(to, _isIPv6, Name(_count)))
            return false;
        _runs[_count++] = new() { To = to, At = _end, Left = length, Segment = length, IsClosed = !_statistics.JoinsSends || length > WireLimits.FullDatagram, HasSource = true };
        return true;
    }

    /// <summary>Writes what the kernel is to read of a message that waits.</summary>
    private void Address(int message)
    {
        ref readonly var run = ref _runs[message];
        var control = _controls.AsSpan(message * ControlMessages.Room, ControlMessages.Room);
        var length = run.IsSingly ? Math.Min(run.Segment, run.Left) : run.Left;
        var used = length > run.Segment ? ControlMessages.WriteSegmentSize(control, run.Segment) : 0;
        if (run.HasSource && _returnAddresses is not null && _returnAddresses.TryGet(run.To, out var high, out var low))
            used += ControlMessages.WriteSource(control[used..], _isIPv6, high, low);
        _parts[message] = new() { Base = AddressOf(_bytes, run.At), Length = length };
        _messages[message].Header.ControlLength = used;
    }

    private void OnSent(ref Run run)
    {
        var length = (int)_parts[_first].Length;
        var segments = (length + run.Segment - 1) / run.Segment;
        _statistics.DatagramsSent += segments;
        _statistics.BytesSent += length;
        if (segments > 1)
            _refusals = 0;
        else if (run.IsSingly && !run.IsBlamed)
            Blame(ref run);
        Finish(ref run, length);
    }

    /// <summary>
    /// The kernel did not take the first message that waits. What may be the fault of the address to send from, or of the cutting,
    /// is tried without; what is the datagram's own, or the way's, is counted and let go.
    /// </summary>
    private void OnRefused(ref Run run, int error)
    {
        if (error == Errno.Interrupted)
            return;
        if (error == Errno.Again)
        {
            _isFull = true;
            _statistics.SendsDeferred++;
            return;
        }

        if (run.HasSource && _returnAddresses is not null && error is Errno.Invalid or Errno.AddressNotAvailable or Errno.NetworkUnreachable
            && _returnAddresses.TryGet(run.To, out _, out _))
        {
            run.HasSource = false;
            _returnAddresses.Forget(run.To);
            return;
        }

        var length = (int)_parts[_first].Length;
        if (length > run.Segment && MayBeTheCutting(error))
        {
            run.IsSingly = true;
            return;
        }

        for (var left = length; left > 0; left -= run.Segment)
            _statistics.Add(Errno.ReasonOf(error));
        Finish(ref run, length);
    }

    /// <summary>Errors that a network card or a kernel without segments gives, and that single datagrams may be spared.</summary>
    private static bool MayBeTheCutting(int error) =>
        error is Errno.Io or Errno.Invalid or Errno.MessageTooLong or Errno.NoProtocolOption or Errno.NotSupported;

    /// <summary>What was refused as one message has left singly: it was the cutting. After some of these in a row nothing is joined any more.</summary>
    private void Blame(ref Run run)
    {
        run.IsBlamed = true;
        if (++_refusals >= SocketLimits.SegmentRefusals)
            _statistics.JoinsSends = false;
    }

    /// <summary>So many bytes of the first message are done with.</summary>
    private void Finish(ref Run run, int length)
    {
        run.At += length;
        run.Left -= length;
        if (run.Left == 0)
            _first++;
    }

    private struct Run
    {
        public NetAddress To;
        public int At;
        public int Left;
        public int Segment;

        /// <summary>Takes no more.</summary>
        public bool IsClosed;

        /// <summary>Goes a segment at a time, and by itself.</summary>
        public bool IsSingly;

        /// <summary>Has been counted as one that the kernel would not cut.</summary>
        public bool IsBlamed;

        /// <summary>Leaves from the address that the peer wrote to, if that is known.</summary>
        public bool HasSource;
    }
}
