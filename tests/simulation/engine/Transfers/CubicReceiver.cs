using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// The receiving end of a modelled TCP transfer: acknowledges every second segment, or at once where one is missing,
/// with the newest blocks that it holds (RFC 2018).
/// </summary>
internal sealed class CubicReceiver : ISimHost
{
    public const int AckBytes = 60;
    public const int Blocks = 3;

    private const int Window = 1 << 16;

    private static readonly Duration AckDelay = Duration.FromMilliseconds(40);

    private readonly bool[] _held = new bool[Window];
    private readonly long[] _recent = new long[Blocks];
    private NetAddress _peer = NetAddress.None;
    private long _next;
    private long _end;
    private int _unacknowledged;
    private bool _owesAck;

    /// <summary>Segments received in order.</summary>
    public long Received => _next;

    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        _peer = from;
        var segment = BinaryPrimitives.ReadInt64LittleEndian(datagram);
        var inOrder = segment == _next && _next == _end;
        if (segment >= _next && segment < _next + Window)
        {
            _held[segment % Window] = true;
            _end = Math.Max(_end, segment + 1);
            for (; _held[_next % Window]; _next++)
                _held[_next % Window] = false;
            Remember(segment);
        }

        _owesAck |= !inOrder || ++_unacknowledged >= 2;
        if (NextTimeout.IsNever)
            NextTimeout = now + AckDelay;
    }

    public void HandleTimeout(MonoTime now)
    {
        _owesAck = true;
        NextTimeout = MonoTime.Never;
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        (to, length) = (_peer, AckBytes);
        if (!_owesAck)
            return false;
        buffer[..AckBytes].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(buffer, _next);
        for (var i = 0; i < Blocks; i++)
        {
            var (first, end) = BlockOf(_recent[i]);
            BinaryPrimitives.WriteInt64LittleEndian(buffer[(8 + (16 * i))..], first);
            BinaryPrimitives.WriteInt64LittleEndian(buffer[(16 + (16 * i))..], end);
        }

        _owesAck = false;
        _unacknowledged = 0;
        NextTimeout = MonoTime.Never;
        return true;
    }

    /// <summary>Keeps one segment of each of the blocks that changed last, the newest first.</summary>
    private void Remember(long segment)
    {
        var (first, end) = BlockOf(segment);
        var kept = 0;
        Span<long> others = stackalloc long[Blocks];
        foreach (var other in _recent)
        {
            if ((other < first || other >= end) && other >= _next)
                others[kept++] = other;
        }

        _recent[0] = segment;
        for (var i = 1; i < Blocks; i++)
            _recent[i] = i <= kept ? others[i - 1] : 0;
    }

    private (long First, long End) BlockOf(long segment)
    {
        if (segment < _next || segment >= _end || !_held[segment % Window])
            return (0, 0);
        var first = segment;
        while (first > _next && _held[(first - 1) % Window])
            first--;
        var end = segment + 1;
        while (end < _end && _held[end % Window])
            end++;
        return (first, end);
    }
}
