using System.Buffers.Binary;
using System.Diagnostics;
using WeCan.Lab.Wan;

namespace WeCan.Bench.Bus;

/// <summary>
/// Counts the messages that come, and how many are missing between them; of those that say when they were published, how long they took.
/// One thread hands them in.
/// <code>payload: number from 1 on (8), 0 between two runs | time published, 0 where it does not matter (8, where there is room)</code>
/// </summary>
internal sealed class MessageCount
{
    private readonly Lock _changing = new();
    private LatencyHistogram _delays = new();
    private long _last;
    private long _total;
    private long _missing;

    public long Total => Volatile.Read(ref _total);

    /// <summary>Messages that did not come, or came twice or out of order.</summary>
    public long Missing => Volatile.Read(ref _missing);

    public static void Write(Span<byte> payload, long number, long time)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, number);
        BinaryPrimitives.WriteInt64LittleEndian(payload[8..], time);
    }

    public void Take(ReadOnlySpan<byte> payload)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(payload);
        var time = BinaryPrimitives.ReadInt64LittleEndian(payload[8..]);
        if (number != _last + 1 && number != 1)
            Volatile.Write(ref _missing, _missing + Math.Abs(number - _last - 1));
        _last = number;
        Volatile.Write(ref _total, _total + 1);
        if (time != 0)
            Add(Stopwatch.GetTimestamp() - time);
    }

    /// <summary>The delays since the last call.</summary>
    public LatencyHistogram TakeDelays()
    {
        lock (_changing)
        {
            var taken = _delays;
            _delays = new();
            return taken;
        }
    }

    private void Add(long ticks)
    {
        lock (_changing)
            _delays.Add((long)(ticks * (1e9 / Stopwatch.Frequency)));
    }
}
