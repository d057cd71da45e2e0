using WeCan.Contracts;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Which links have something to do: those that may have a datagram to send, first come first served, and all others
/// by the time of their next timeout, in a binary heap.
/// </summary>
internal sealed class LinkSchedule
{
    private readonly Queue<LinkSlot> _ready = new();
    private LinkSlot[] _heap = new LinkSlot[8];
    private int _count;

    public MonoTime NextTimeout => _count == 0 ? MonoTime.Never : _heap[0].WakesAt;

    /// <summary>The link may have something to send.</summary>
    public void MarkReady(LinkSlot slot)
    {
        if (slot.IsReady)
            return;
        slot.IsReady = true;
        _ready.Enqueue(slot);
    }

    public bool TryPeekReady(out LinkSlot slot) => _ready.TryPeek(out slot!);

    /// <summary>The first ready link has nothing more to send.</summary>
    public void TakeReady() => _ready.Dequeue().IsReady = false;

    /// <summary>
    /// Wakes the link at this time, and no more at the one that was set before: most timeouts only move away, and each that fired for
    /// nothing would wake the node.
    /// </summary>
    public void WakeAt(LinkSlot slot, MonoTime at)
    {
        if (at == slot.WakesAt)
            return;
        if (at.IsNever)
        {
            Remove(slot);
            return;
        }

        slot.WakesAt = at;
        if (slot.HeapIndex < 0)
        {
            if (_count == _heap.Length)
                Array.Resize(ref _heap, _count * 2);
            Place(slot, _count++);
        }

        SiftUp(slot);
        SiftDown(slot);
    }

    /// <summary>Takes one link whose time has come out of the heap.</summary>
    public bool TryTakeDue(MonoTime now, out LinkSlot slot)
    {
        if (_count == 0 || _heap[0].WakesAt > now)
        {
            slot = null!;
            return false;
        }

        slot = _heap[0];
        Remove(slot);
        return true;
    }

    /// <summary>Takes a link out for good; if it is ready, its turn finds it dead.</summary>
    public void Remove(LinkSlot slot)
    {
        if (slot.HeapIndex < 0)
            return;
        var hole = slot.HeapIndex;
        slot.HeapIndex = -1;
        slot.WakesAt = MonoTime.Never;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (last == slot)
            return;
        Place(last, hole);
        SiftUp(last);
        SiftDown(last);
    }

    private void Place(LinkSlot slot, int index)
    {
        _heap[index] = slot;
        slot.HeapIndex = index;
    }

    private void SiftUp(LinkSlot slot)
    {
        while (slot.HeapIndex > 0)
        {
            var parent = _heap[(slot.HeapIndex - 1) / 2];
            if (parent.WakesAt <= slot.WakesAt)
                return;
            var index = parent.HeapIndex;
            Place(parent, slot.HeapIndex);
            Place(slot, index);
        }
    }

    private void SiftDown(LinkSlot slot)
    {
        while (true)
        {
            var child = (2 * slot.HeapIndex) + 1;
            if (child >= _count)
                return;
            if (child + 1 < _count && _heap[child + 1].WakesAt < _heap[child].WakesAt)
                child++;
            if (_heap[child].WakesAt >= slot.WakesAt)
                return;
            var index = slot.HeapIndex;
            Place(_heap[child], index);
            Place(slot, child);
        }
    }
}
