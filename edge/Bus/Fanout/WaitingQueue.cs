using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// What waits for one subscription, in the order of its arrival, and what goes when it is too much: by the subscription's own policy,
/// and never without being counted. Bounded by <see cref="BusLimits.MaxWaiting"/> and <see cref="BusLimits.MaxWaitingBytes"/>, and with all others
/// of its session by their budget. Whatever is done takes as long for many as for few.
/// </summary>
internal sealed class WaitingQueue(OverloadPolicy policy, WaitingBudget budget)
{
    /// <summary>One list for each priority where the lowest goes, else one for all.</summary>
    private readonly LinkedList<WaitingMessage>[] _lists = Lists(policy == OverloadPolicy.DropLowest ? MessageTraits.MaxPriority + 1 : 1);
    private readonly Dictionary<byte[], LinkedListNode<WaitingMessage>>? _latest = policy == OverloadPolicy.KeepLatest ? new(BytesComparer.Instance) : null;
    private ulong _arrived;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Messages that went, and that the subscriber was not told of yet.</summary>
    public ulong Missed { get; private set; }

    /// <summary>Messages that waited for longer than they were to live, and that the subscriber was not told of yet.</summary>
    public ulong Expired { get; private set; }

    /// <summary>Nothing waits, and nothing is left to be told.</summary>
    public bool IsIdle => Count == 0 && Missed == 0 && Expired == 0;

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
        while (Count > BusLimits.MaxWaiting || (Bytes > BusLimits.MaxWaitingBytes && Count > 1) || (budget.IsSpent && Count > 0))
            Drop(Goes());
    }

    /// <summary>The one that came first of those that still live.</summary>
    public bool TryTake(MonoTime now, out WaitingMessage message)
    {
        while (Count > 0)
        {
            var first = First();
            Remove(first);
            message = first.Value;
            if (message.Expires > now)
                return true;
            Expired++;
        }

        message = null!;
        return false;
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Clear()
    {
        while (Count > 0)
            Remove(First());
    }

    public void Told() => (Missed, Expired) = (0, 0);

    private static LinkedList<WaitingMessage>[] Lists(int count)
    {
        var lists = new LinkedList<WaitingMessage>[count];
        for (var index = 0; index < count; index++)
            lists[index] = new();
        return lists;
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
    }
}
