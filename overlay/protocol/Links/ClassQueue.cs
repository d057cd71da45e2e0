using System.Numerics;
using System.Runtime.CompilerServices;

namespace WeCan.Protocol.Links;

/// <summary>
/// Packets of one class that wait for their first sending: eight priorities, each first-in first-out, highest first.
/// Bounded: when full, the stalest packet of the lowest priority goes, which may be the one that just came.
/// </summary>
internal struct ClassQueue
{
    private const int Priorities = 8;

    private PriorityLists _lists;
    private byte _occupied;

    public int Count { readonly get; private set; }

    public long Bytes { readonly get; private set; }

    public readonly bool IsEmpty => Count == 0;

    /// <summary>Takes the packet; returns the one that had to go, if the queue was full.</summary>
    public PacketBuffer? Add(PacketBuffer packet)
    {
        PacketBuffer? victim = null;
        if (Count >= LinkLimits.MaxQueuedPackets)
        {
            var lowest = BitOperations.TrailingZeroCount(_occupied);
            if (lowest > packet.Priority)
                return packet;
            victim = TakeFrom(lowest);
        }

        _lists[packet.Priority].Add(packet);
        _occupied |= (byte)(1 << packet.Priority);
        Count++;
        Bytes += packet.Length;
        return victim;
    }

    /// <summary>Puts a packet back that was just taken: first in line of its priority, whatever the bound says.</summary>
    public void PutBack(PacketBuffer packet)
    {
        _lists[packet.Priority].AddFirst(packet);
        _occupied |= (byte)(1 << packet.Priority);
        Count++;
        Bytes += packet.Length;
    }

    public readonly PacketBuffer? Peek() =>
        _occupied == 0 ? null : _lists[BitOperations.Log2(_occupied)].First;

    public PacketBuffer? Take() => _occupied == 0 ? null : TakeFrom(BitOperations.Log2(_occupied));

    private PacketBuffer TakeFrom(int priority)
    {
        var packet = _lists[priority].Take()!;
        if (_lists[priority].IsEmpty)
            _occupied &= (byte)~(1 << priority);
        Count--;
        Bytes -= packet.Length;
        return packet;
    }

    [InlineArray(Priorities)]
    private struct PriorityLists
    {
        private PacketList _first;
    }
}
