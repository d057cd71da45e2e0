using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// Packets that wait for their time: a binary heap ordered by due time, then by arrival, over pooled buffers. One thread
/// drives it. It copies what is put in, gives everything back in that order, refuses more than its capacity, and
/// allocates only while it grows to the most it ever held.
/// </summary>
public sealed class DelayLine
{
    private const int NoSlot = -1;

    private readonly int _capacity;
    private readonly BufferPool _buffers = new();
    private Entry[] _heap = new Entry[256];
    private Slot[] _slots = new Slot[256];
    private int[] _freeSlots = new int[256];
    private int _freeCount;
    private int _usedSlots;
    private int _lentSlot = NoSlot;
    private ulong _nextSequence;

    public DelayLine(int capacity = WanLimits.MaxInFlight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

    public int Count { get; private set; }

    public int Free => _capacity - Count;

    public MonoTime NextDue => Count == 0 ? MonoTime.Never : _heap[0].Due;

    /// <summary>False when the line is full.</summary>
    /// <param name="corruptBit">The bit of the datagram to flip, or -1.</param>
    public bool TryEnqueue(MonoTime due, in PacketRoute route, ReadOnlySpan<byte> datagram, int corruptBit = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagram.Length, WanLimits.MaxDatagram);
        if (Count == _capacity)
            return false;
        var index = TakeSlot();
        ref var slot = ref _slots[index];
        slot.Route = route;
        slot.Length = datagram.Length;
        slot.Buffer = _buffers.Rent(datagram.Length);
        datagram.CopyTo(slot.Buffer);
        if (corruptBit >= 0)
            slot.Buffer[corruptBit >> 3] ^= (byte)(1 << (corruptBit & 7));
        Push(new(due, _nextSequence++, index));
        return true;
    }

    /// <summary>The first packet that is due by <paramref name="now"/>. Ends the life of the delivery given before.</summary>
    public bool TryDequeue(MonoTime now, out Delivery delivery)
    {
        ReleaseLent();
        if (NextDue > now || Count == 0)
        {
            delivery = default;
            return false;
        }

        var entry = Pop();
        ref var slot = ref _slots[entry.Slot];
        _lentSlot = entry.Slot;
        delivery = new(entry.Due, slot.Route, slot.Buffer.AsSpan(0, slot.Length));
        return true;
    }

    private int TakeSlot()
    {
        if (_freeCount > 0)
            return _freeSlots[--_freeCount];
        if (_usedSlots == _slots.Length)
        {
            Array.Resize(ref _slots, _slots.Length * 2);
            Array.Resize(ref _freeSlots, _slots.Length);
        }

        return _usedSlots++;
    }

    private void ReleaseLent()
    {
        if (_lentSlot == NoSlot)
            return;
        _buffers.Return(_slots[_lentSlot].Buffer);
        _freeSlots[_freeCount++] = _lentSlot;
        _lentSlot = NoSlot;
    }

    private void Push(Entry entry)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, _heap.Length * 2);
        var heap = _heap;
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (!entry.IsBefore(heap[parent]))
                break;
            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = entry;
    }

    private Entry Pop()
    {
        var heap = _heap;
        var top = heap[0];
        var count = --Count;
        var last = heap[count];
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= count)
                break;
            if (child + 1 < count && heap[child + 1].IsBefore(heap[child]))
                child++;
            if (!heap[child].IsBefore(last))
                break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = last;
        return top;
    }

    private readonly record struct Entry(MonoTime Due, ulong Sequence, int Slot)
    {
        public bool IsBefore(in Entry other) => Due != other.Due ? Due < other.Due : Sequence < other.Sequence;
    }

    private struct Slot
    {
        public PacketRoute Route;
        public byte[] Buffer;
        public int Length;
    }
}
