namespace WeCan.Protocol.Transport;

/// <summary>A line of transmit items, linked through themselves, from which any can be taken. An item stands in one line at most.</summary>
internal struct ItemList
{
    private TransmitItem? _head;
    private TransmitItem? _tail;

    public readonly bool IsEmpty => _head is null;

    /// <summary>The first in line; there is one.</summary>
    public readonly TransmitItem First => _head!;

    public void Push(TransmitItem item)
    {
        item.NextInLane = null;
        item.PreviousInLane = _tail;
        if (_tail is null)
            _head = item;
        else
            _tail.NextInLane = item;
        _tail = item;
    }

    public TransmitItem Pop()
    {
        var item = _head!;
        Remove(item);
        return item;
    }

    public void Remove(TransmitItem item)
    {
        if (item.PreviousInLane is { } previous)
            previous.NextInLane = item.NextInLane;
        else
            _head = item.NextInLane;
        if (item.NextInLane is { } next)
            next.PreviousInLane = item.PreviousInLane;
        else
            _tail = item.PreviousInLane;
        item.NextInLane = null;
        item.PreviousInLane = null;
    }
}
