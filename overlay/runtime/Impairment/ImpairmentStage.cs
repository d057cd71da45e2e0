using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Impairment;

/// <summary>
/// A bad network before a good socket, for labs: loses, delays, repeats, reorders and queues what leaves, by its destination. It owns
/// the datagrams that it holds, a bounded number; they leave by their time, and of one time in the order they came.
/// </summary>
internal sealed class ImpairmentStage : IDatagramEgress
{
    private readonly IDatagramEgress _inner;
    private readonly ImpairmentCounters _counters;
    private readonly DeterministicRandom _random;
    private readonly Dictionary<NetAddress, ImpairedPath> _paths = [];
    private readonly ImpairedPath _others;
    private readonly PriorityQueue<Held, (long Due, long Order)> _held = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly byte[] _draft = new byte[WireLimits.FullDatagram];
    private long _order;

    public ImpairmentStage(IDatagramEgress inner, ImpairmentPlan plan, ImpairmentCounters counters)
    {
        (_inner, _counters) = (inner, counters);
        _random = DeterministicRandom.FromNumber(plan.Others.Seed);
        _others = new(plan.Others, _random, counters);
        Set(plan);
    }

    public string? Impairment { get; private set; }

    public MonoTime NextDue => _held.TryPeek(out _, out var first) ? new(first.Due) : MonoTime.Never;

    public Span<byte> Draft => _draft;

    /// <summary>Another plan, from the next datagram on. What is held keeps its time.</summary>
    public void Set(ImpairmentPlan plan)
    {
        Impairment = plan.ToString();
        _others.Options = plan.Others;
        var named = plan.Rules.Select(rule => rule.To).ToHashSet();
        foreach (var gone in _paths.Keys.Where(to => !named.Contains(to)).ToList())
            _paths.Remove(gone);
        foreach (var rule in plan.Rules)
        {
            if (_paths.TryGetValue(rule.To, out var path))
                path.Options = rule.Options;
            else
                _paths.Add(rule.To, new(rule.Options, _random, _counters));
        }
    }

    public void Send(MonoTime now, NetAddress to, int length)
    {
        var path = _paths.GetValueOrDefault(to, _others);
        if (!path.TryPass(now, length, out var at, out var twiceAt))
            return;
        Hold(at, to, length);
        if (!twiceAt.IsNever)
            Hold(twiceAt, to, length);
    }

    public bool TryFlush(MonoTime now)
    {
        while (_held.TryPeek(out var held, out var first) && first.Due <= now.Nanoseconds)
        {
            var draft = _inner.Draft;
            if (draft.IsEmpty && (!_inner.TryFlush(now) || (draft = _inner.Draft).IsEmpty))
                return false;
            _held.Dequeue();
            held.Bytes.AsSpan(0, held.Length).CopyTo(draft);
            _spare.Push(held.Bytes);
            _inner.Send(now, held.To, held.Length);
        }

        return _inner.TryFlush(now);
    }

    private void Hold(MonoTime at, NetAddress to, int length)
    {
        if (_held.Count >= RuntimeLimits.ImpairedDatagrams)
        {
            _counters.Overflowed++;
            return;
        }

        if (!_spare.TryPop(out var bytes))
            bytes = new byte[WireLimits.FullDatagram];
        _draft.AsSpan(0, length).CopyTo(bytes);
        _held.Enqueue(new(to, bytes, length), (at.Nanoseconds, _order++));
    }

    private readonly record struct Held(NetAddress To, byte[] Bytes, int Length);
}
