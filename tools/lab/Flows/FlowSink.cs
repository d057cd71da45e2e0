using WeCan.Contracts;
using WeCan.Lab.Reports;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Flows;

/// <summary>One flow at its destination: remembers every number, so that loss, repetition, order and damage are counted and not inferred. Safe from any thread.</summary>
internal sealed class FlowSink(ServiceClass serviceClass)
{
    private readonly Lock _changing = new();
    private readonly FlowMessages _messages = new(serviceClass);
    private readonly ulong[] _seen = new ulong[(LabLimits.MaxMessages / 64) + 1];
    private LatencyHistogram _latency = new();
    private long _first = long.MaxValue;
    private long _highest = -1;
    private long _received;
    private long _late;
    private long _repeated;
    private long _reordered;
    private long _damaged;

    /// <summary>Anything came, whether it counts or not.</summary>
    public bool HasTaken { get; private set; }

    /// <summary>Begins to count anew: what came so far, and numbers before this one, count nowhere.</summary>
    public void CountFrom(long first)
    {
        lock (_changing)
        {
            _first = first;
            _highest = -1;
            _received = _late = _repeated = _reordered = _damaged = 0;
            _latency = new();
        }
    }

    public void Take(ReadOnlySpan<byte> message)
    {
        lock (_changing)
            Note(message, LocalTime.Nanoseconds);
    }

    public FlowReport Report(string from, string to, long sent, long bytes, string? trouble)
    {
        lock (_changing)
        {
            return new(
                serviceClass, from, to, sent, bytes, _received, _late, _repeated, _reordered, _damaged,
                _latency.MillisecondsAt(0.5), _latency.MillisecondsAt(0.99), _latency.MaxNanoseconds / 1e6, trouble);
        }
    }

    private void Note(ReadOnlySpan<byte> message, long now)
    {
        if (!_messages.TryRead(message, out var number, out var due))
        {
            _damaged++;
            return;
        }

        HasTaken = true;
        if (number < _first)
            return;
        var bit = 1UL << (int)(number % 64);
        if ((_seen[number / 64] & bit) != 0)
        {
            _repeated++;
            return;
        }

        _seen[number / 64] |= bit;
        _received++;
        if (number < _highest)
            _reordered++;
        _highest = Math.Max(_highest, number);
        if (now - due > LabLimits.RealtimeDeadline.Nanoseconds)
            _late++;
        _latency.Add(now - due);
    }
}
