using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The deadlines of all flows: a binary heap whose items know their place. A deadline that moves to later, as nearly
/// all do, only leaves a note in the item; the heap catches up when the old one passes. So the earliest deadline that
/// it shows may be earlier than any that holds, never later.
/// </summary>
internal sealed class TimerHeap
{
    private Entry[] _entries = new Entry[64];

    public int Count { get; private set; }

    public MonoTime Next => Count == 0 ? MonoTime.Never : _entries[0].Key;

    public void Set(TimerItem item, MonoTime due)
    {
        item.Due = due;
        if (item.HeapIndex < 0)
        {
            if (!due.IsNever)
                Push(item, due);
        }
        else if (due < _entries[item.HeapIndex].Key)
        {
            SiftUp(item.HeapIndex, new Entry(due, item));
        }
    }

    public void Remove(TimerItem item)
    {
        item.Due = MonoTime.Never;
        if (item.HeapIndex >= 0)
            RemoveAt(item.HeapIndex);
    }

    /// <summary>Takes out an item whose deadline has come.</summary>
    public bool TryPopDue(MonoTime now, out TimerItem item)
    {
        while (Count > 0 && _entries[0].Key <= now)
        {
            item = _entries[0].Item;
            if (item.Due <= now)
            {
                RemoveAt(0);
                return true;
            }

            if (item.Due.IsNever)
                RemoveAt(0);
            else
                SiftDown(0, new Entry(item.Due, item));
        }

        item = null!;
        return false;
    }

    private void Push(TimerItem item, MonoTime due)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        SiftUp(Count++, new Entry(due, item));
    }

    private void RemoveAt(int index)
    {
        _entries[index].Item.HeapIndex = -1;
        var last = _entries[--Count];
        _entries[Count] = default;
        if (index == Count)
            return;
        if (index > 0 && last.Key < _entries[(index - 1) >> 1].Key)
            SiftUp(index, last);
        else
            SiftDown(index, last);
    }

    private void SiftUp(int index, Entry entry)
    {
        while (index > 0)
        {
            var parent = (index - 1) >> 1;
            if (_entries[parent].Key <= entry.Key)
                break;
            Place(index, _entries[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index, Entry entry)
    {
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _entries[child + 1].Key < _entries[child].Key)
                child++;
            if (entry.Key <= _entries[child].Key)
                break;
            Place(index, _entries[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, Entry entry)
    {
        _entries[index] = entry;
        entry.Item.HeapIndex = index;
    }

    private readonly record struct Entry(MonoTime Key, TimerItem Item);
}
