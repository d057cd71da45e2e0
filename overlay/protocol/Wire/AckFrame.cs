using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// An ACK frame as its receiver reads it: docs/wire-format.md, section 5.3. Checked whole when read, so that walking
/// it afterwards cannot fail.
/// <code>
/// +------+-------------+--------------+-----------+--------------+ - - - - - - - +-----------+ - - - - - - - +
/// | 0x02 | largest (4) | delay varint | count (1) | first varint | gap, length…  | times (1) | delta svarint |
/// +------+-------------+--------------+-----------+--------------+ - - - - - - - +-----------+ - - - - - - - +
/// </code>
/// </summary>
internal readonly ref struct AckFrame
{
    public const int MaxRanges = 32;

    public const int MaxTimes = 64;

    private readonly ReadOnlySpan<byte> _ranges;
    private readonly ReadOnlySpan<byte> _times;

    private AckFrame(ulong largest, Duration delay, ulong first, ReadOnlySpan<byte> ranges, ReadOnlySpan<byte> times)
    {
        Largest = largest;
        Delay = delay;
        First = first;
        _ranges = ranges;
        _times = times;
    }

    public ulong Largest { get; }

    /// <summary>How long the receiver held the largest packet before it sent this.</summary>
    public Duration Delay { get; }

    private ulong First { get; }

    /// <summary>Reads the frame behind its type byte; <paramref name="nextPacket"/> is the number not sent yet.</summary>
    public static bool TryRead(scoped ref WireReader reader, ulong nextPacket, out AckFrame frame)
    {
        frame = default;
        if (nextPacket == 0 || !reader.TryReadUInt32(out var low) || !reader.TryReadVarInt(out var delay) ||
            !reader.TryReadByte(out var count) || count > MaxRanges || !reader.TryReadVarInt(out var first))
            return false;
        var largest = Serial.Expand32(low, nextPacket - 1);
        if (largest >= nextPacket || first > largest || delay > (ulong)Duration.FromSeconds(3600).Microseconds)
            return false;
        var ranges = reader.Rest;
        var lowest = largest - first;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadVarInt(out var gap) || !reader.TryReadVarInt(out var length))
                return false;
            if (gap > lowest || length > lowest || lowest < gap + length + 2)
                return false;
            lowest -= gap + length + 2;
        }

        ranges = ranges[..^reader.Remaining];
        if (!reader.TryReadByte(out var timesCount) || timesCount > MaxTimes)
            return false;
        var times = reader.Rest;
        for (var i = 0; i < timesCount; i++)
        {
            if (!reader.TryReadSignedVarInt(out _))
                return false;
        }

        frame = new(largest, Duration.FromMicroseconds((long)delay), first, ranges, times[..^reader.Remaining]);
        return true;
    }

    /// <summary>The acknowledged numbers, as closed ranges going down.</summary>
    public RangeWalk Ranges() => new(Largest, First, _ranges);

    /// <summary>The receive times going down from the second largest, each against the one before, in µs.</summary>
    public TimeWalk Times() => new(_times);

    /// <summary>Walks the ranges of a frame that has been checked.</summary>
    public ref struct RangeWalk(ulong largest, ulong first, ReadOnlySpan<byte> ranges)
    {
        private WireReader _reader = new(ranges);
        private bool _started;

        public ulong Low { get; private set; } = largest - first;

        public ulong High { get; private set; } = largest;

        public bool MoveNext()
        {
            if (!_started)
            {
                _started = true;
                return true;
            }

            if (!_reader.TryReadVarInt(out var gap) || !_reader.TryReadVarInt(out var length))
                return false;
            High = Low - gap - 2;
            Low = High - length;
            return true;
        }
    }

    /// <summary>Walks the receive times of a frame that has been checked.</summary>
    public ref struct TimeWalk(ReadOnlySpan<byte> times)
    {
        private WireReader _reader = new(times);

        public bool TryNext(out long deltaMicroseconds) => _reader.TryReadSignedVarInt(out deltaMicroseconds);
    }
}
