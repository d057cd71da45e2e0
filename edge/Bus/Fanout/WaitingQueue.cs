using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// What waits for one subscription, in the order of its arrival, and what goes when it is too much: by the subscription's own policy,
/// and never without being counted. Bounded by <see cref="BusLimits.MaxWaiting"/> and <see cref="BusLimits.MaxWaitingBytes"/>, or by more where it pushes back, and with all others
/// of its session by their budget. Whatever is done takes as long for many as for few.
/// </summary>
internal sealed class WaitingQueue(OverloadPolicy policy, WaitingBudget budget)
{
    /// <summary>One list for each priority where the lowest goes, else one for all.</summary>
    private readonly LinkedList<WaitingMessage>[] _lists = Lists(policy == OverloadPolicy.DropLowest ? MessageTraits.MaxPriority + 1 : 1);
    private readonly Dictionary<byte[], LinkedListNode<WaitingMessage>>? _latest = policy == OverloadPolicy.KeepLatest ? new(BytesComparer.Instance) : null;
    private ulong _arrived;
    private bool _pushes = policy == OverloadPolicy.PushBack;
    private ulong _taken;
    private ulong _takenSeen;
    private MonoTime _takenAt = MonoTime.Never;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Messages that went, and that the subscriber was not told of yet.</summary>
    public ulong Missed { get; private set; }

    /// <summary>Messages that waited for longer than they were to live, and that the subscriber was not told of yet.</summary>
    public ulong Expired { get; private set; }

    /// <summary>Nothing waits, and nothing is left to be told.</summary>
    public bool IsIdle => Count == 0 && Missed == 0 && Expired == 0;

    /// <summary>No more may be published for it.</summary>
    public bool IsOverfull => _pushes && (Count >= BusLimits.MaxPushedBack || Bytes >= BusLimits.MaxPushedBackBytes || budget.IsSpent);

    /// <summary>Publishers wait for it.</summary>
    public bool IsPushing => _pushes && IsOver(BusLimits.MaxWaiting, BusLimits.MaxWaitingBytes);

    public void Add(WaitingMessage message)
    {
        if (_latest is not null && _latest.TryGetValue(message.Subject, out var older))
            Drop(older);
        message.Arrival = ++_arrived;
        var node = _lists[_lists.Length == 1 ? 0 : message.Traits.Priority].AddLast(message);
        _latest?.Add(message.Subject, node);
        Count++;
        Bytes += message.Bytes;
        budget.Take(message.Bytes);
        if (IsPushing && message.Source is not null)
        {
            message.IsHolding = true;
            message.Source.Hold(message.Number);
        }

        // What a client of this edge publishes for one that pushes back was let in when there was room for it.
        if (!_pushes || message.Source is null)
            MakeRoom();
    }

    /// <summary>The one that came first of those that still live.</summary>
    public bool TryTake(MonoTime now, out WaitingMessage message)
    {
        DropExpired(now);
        message = null!;
        if (Count == 0)
            return false;
        var first = First();
        Remove(first);
        message = first.Value;
        _taken++;
        return true;
    }

    /// <summary>Those before the first that still lives are worth nothing any more.</summary>
    public void DropExpired(MonoTime now)
    {
        while (Count > 0 && First() is var first && first.Value.Expires <= now)
        {
            Remove(first);
            Expired++;
        }
    }

    /// <summary>Of the message that is taken next, if one is.</summary>
    public ReadOnlySpan<byte> PeekSubject(MonoTime now)
    {
        DropExpired(now);
        return Count == 0 ? default : First().Value.Subject;
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Clear()
    {
        while (Count > 0)
            Remove(First());
    }

    /// <summary>Looks after one that pushes back; false when it need not be looked after any more.</summary>
    public bool LookAfter(MonoTime now)
    {
        if (!IsPushing)
            return false;
        if (_takenAt == MonoTime.Never || _taken != _takenSeen)
            (_takenSeen, _takenAt) = (_taken, now);
        if (now - _takenAt < BusLimits.PushBackPatience)
            return true;
        _pushes = false;
        foreach (var message in _lists[0])
            Release(message);
        MakeRoom();
        return false;
    }

    public void Told() => (Missed, Expired) = (0, 0);

    private static LinkedList<WaitingMessage>[] Lists(int count)
    {
        var lists = new LinkedList<WaitingMessage>[count];
        for (var index = 0; index < count; index++)
            lists[index] = new();
        return lists;
    }

    private bool IsOver(int count, int bytes) => Count > count || (Bytes > bytes && Count > 1);

    private void MakeRoom()
    {
        var (count, bytes) = _pushes ? (BusLimits.MaxPushedBack, BusLimits.MaxPushedBackBytes) : (BusLimits.MaxWaiting, BusLimits.MaxWaitingBytes);
        while (IsOver(count, bytes) || (budget.IsSpent && Count > 0))
            Drop(Goes());
    }

    /// <summary>The oldest; where the lowest goes, the oldest of those of the lowest priority.</summary>
    private LinkedListNode<WaitingMessage> Goes()
    {
        foreach (var list in _lists)
        {
            if (list.First is { } first)
                return first;
        }

        throw new InvalidOperationException("Nothing waits.");
    }

    private LinkedListNode<WaitingMessage> First()
    {
        LinkedListNode<WaitingMessage>? first = null;
        foreach (var list in _lists)
        {
            if (list.First is { } one && (first is null || one.Value.Arrival < first.Value.Arrival))
                first = one;
        }

        return first!;
    }

    private void Drop(LinkedListNode<WaitingMessage> node)
    {
        Missed++;
        Remove(node);
    }

    private void Remove(LinkedListNode<WaitingMessage> node)
    {
        var message = node.Value;
        Count--;
        Bytes -= message.Bytes;
        budget.Return(message.Bytes);
        _latest?.Remove(message.Subject);
        node.List!.Remove(node);
        Release(message);
    }

    private static void Release(WaitingMessage message)
    {
        if (!message.IsHolding)
            return;
        message.IsHolding = false;
        message.Source!.Release(message.Number);
    }
}
