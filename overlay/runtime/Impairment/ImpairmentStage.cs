using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Impairment;

/// <summary>
/// A bad network before a good socket, for labs: loses, delays, repeats and reorders what leaves. It owns the datagrams that it
/// holds, a bounded number; they leave by their time, and of one time in the order they came.
/// </summary>
internal sealed class ImpairmentStage(IDatagramEgress inner, ImpairmentOptions options, ImpairmentCounters counters) : IDatagramEgress
{
    private readonly DeterministicRandom _random = DeterministicRandom.FromNumber(options.Seed);
    private readonly PriorityQueue<Held, (long Due, long Order)> _held = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly byte[] _draft = new byte[WireLimits.FullDatagram];
    private long _order;

    public string? Impairment { get; } = options.ToString();

    public MonoTime NextDue => _held.TryPeek(out _, out var first) ? new(first.Due) : MonoTime.Never;

    public Span<byte> Draft => _draft;

    public void Send(MonoTime now, NetAddress to, int length)
    {
        if (Happens(options.Loss))
        {
            counters.Lost++;
            return;
        }

        Hold(now, to, length);
        if (!Happens(options.Duplicate))
            return;
        counters.Duplicated++;
        Hold(now, to, length);
    }

    public bool TryFlush(MonoTime now)
    {
        while (_held.TryPeek(out var held, out var first) && first.Due <= now.Nanoseconds)
        {
            var draft = inner.Draft;
            if (draft.IsEmpty && (!inner.TryFlush(now) || (draft = inner.Draft).IsEmpty))
                return false;
            _held.Dequeue();
            held.Bytes.AsSpan(0, held.Length).CopyTo(draft);
            _spare.Push(held.Bytes);
            inner.Send(now, held.To, held.Length);
        }

        return inner.TryFlush(now);
    }

    private bool Happens(double share) => share > 0 && _random.NextDouble() < share;

    private void Hold(MonoTime now, NetAddress to, int length)
    {
        if (_held.Count >= RuntimeLimits.ImpairedDatagrams)
        {
            counters.Overflowed++;
            return;
        }

        var delay = options.Delay + new Duration((long)(options.Jitter.Nanoseconds * _random.NextDouble()));
        if (Happens(options.Reorder))
        {
            counters.Reordered++;
            delay += options.ReorderBy;
        }

        if (!_spare.TryPop(out var bytes))
            bytes = new byte[WireLimits.FullDatagram];
        _draft.AsSpan(0, length).CopyTo(bytes);
        _held.Enqueue(new(to, bytes, length), ((now + delay).Nanoseconds, _order++));
    }

    private readonly record struct Held(NetAddress To, byte[] Bytes, int Length);
}
