using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// What waits for one subscription, in the order of its arrival, and what goes when it is too much: by the subscription's own policy,
/// and never without being counted. Bounded by <see cref="BusLimits.MaxWaiting"/> and <see cref="BusLimits.MaxWaitingBytes"/>.
/// </summary>
internal sealed class WaitingQueue(OverloadPolicy policy)
{
    private readonly LinkedList<WaitingMessage> _messages = new();

    public int Count => _messages.Count;

    public long Bytes { get; private set; }

    /// <summary>Messages that went, and that the subscriber was not told of yet.</summary>
    public ulong Missed { get; private set; }

    public WaitingMessage? First => _messages.First?.Value;

    public void Add(WaitingMessage message)
    {
        if (policy == OverloadPolicy.KeepLatest)
            RemoveOlder(message.Subject);
        _messages.AddLast(message);
        Bytes += message.Bytes;
        while (_messages.Count > BusLimits.MaxWaiting || (Bytes > BusLimits.MaxWaitingBytes && _messages.Count > 1))
            Drop(policy == OverloadPolicy.DropLowest ? Lowest() : _messages.First!);
    }

    public WaitingMessage Take()
    {
        var first = _messages.First!;
        Remove(first);
        return first.Value;
    }

    public ulong TakeMissed()
    {
        var missed = Missed;
        Missed = 0;
        return missed;
    }

    private void RemoveOlder(byte[] subject)
    {
        for (var node = _messages.First; node is not null; node = node.Next)
        {
            if (!node.Value.Subject.AsSpan().SequenceEqual(subject))
                continue;
            Drop(node);
            return;
        }
    }

    /// <summary>The oldest of those of the lowest priority.</summary>
    private LinkedListNode<WaitingMessage> Lowest()
    {
        var lowest = _messages.First!;
        for (var node = lowest.Next; node is not null; node = node.Next)
        {
            if (node.Value.Traits.Priority < lowest.Value.Traits.Priority)
                lowest = node;
        }

        return lowest;
    }

    private void Drop(LinkedListNode<WaitingMessage> node)
    {
        Missed++;
        Remove(node);
    }

    private void Remove(LinkedListNode<WaitingMessage> node)
    {
        Bytes -= node.Value.Bytes;
        _messages.Remove(node);
    }
}
