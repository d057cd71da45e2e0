using WeCan.Contracts;
using WeCan.Lab.Messages;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Flows;

/// <summary>One flow at its destination: remembers every number, so that loss, repetition, order and damage are counted and not inferred.</summary>
internal sealed class FlowSink(ServiceClass serviceClass, string from)
{
    private readonly FlowMessages _messages = new(serviceClass);
    private readonly ulong[] _seen = new ulong[(LabLimits.MaxMessages / 64) + 1];
    private readonly LatencyHistogram _latency = new();
    private long _highest = -1;
    private long _received;
    private long _repeated;
    private long _reordered;
    private long _damaged;

    public void Take(ReadOnlySpan<byte> message)
    {
        if (!_messages.TryRead(message, out var number, out var due))
        {
            _damaged++;
            return;
        }

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
        _latency.Add(LocalTime.Nanoseconds - due);
    }

    public SinkReport Report() => new(
        serviceClass, from, _received, _highest + 1 - _received, _repeated, _reordered, _damaged,
        _latency.MillisecondsAt(0.5), _latency.MillisecondsAt(0.99), _latency.MaxNanoseconds / 1e6);
}
