using System.Numerics;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A multicast flow's segments from the first that someone has not confirmed to the last accepted, in a ring that exists
/// only while there are any. One copy of the bytes serves all destinations; they are given back when the last has
/// confirmed, even if an older segment still waits for someone.
/// </summary>
internal sealed class MulticastWindow(TransportShared shared)
{
    private const int SmallestRing = 4;

    private MulticastSegment[]? _ring;

    /// <summary>The first segment that is kept.</summary>
    public ulong Start { get; private set; }

    /// <summary>The first segment that was not multicast yet.</summary>
    public ulong Sent { get; private set; }

    /// <summary>The number of the next segment to be accepted.</summary>
    public ulong End { get; private set; }

    public int Count => (int)(End - Start);

    public bool HasUnsent => Sent < End;

    public ref MulticastSegment this[ulong sequence] => ref _ring![sequence & (ulong)(_ring.Length - 1)];

    /// <summary>Whether a segment that is kept is for the destination in a slot.</summary>
    public bool IsFor(ulong sequence, int slot)
    {
        var targets = this[sequence].Targets!;
        return slot >> 6 < targets.Length && (targets[slot >> 6] & (1UL << (slot & 63))) != 0;
    }

    /// <summary>Takes a copy of a message for the destinations in <paramref name="targets"/>, which is the window's from now on.</summary>
    public void Append(ReadOnlySpan<byte> message, ulong number, ulong[] targets, int destinations)
    {
        var segments = MulticastMessage.SegmentsOf(message.Length);
        Reserve(segments);
        shared.SendMemory.Take(segments);
        var total = message.Length;
        for (var i = 0; i < segments; i++)
        {
            var length = MulticastMessage.SegmentLength(message.Length, isFirst: i == 0, isOnly: segments == 1);
            this[End] = new MulticastSegment
            {
                Place = shared.Segments.RentCopy(message[..length]),
                Part = MessagePart.Of(i, segments, total),
                Length = (ushort)length,
                Pending = destinations,
                Message = number,
                Targets = targets,
            };
            message = message[length..];
            if (destinations == 0)
                ReleasePlace(End);
            End++;
        }
    }

    public void AdvanceSent() => Sent++;

    /// <summary>One destination needs the segment no more.</summary>
    public void Settle(ulong sequence)
    {
        if (--this[sequence].Pending == 0)
            ReleasePlace(sequence);
    }

    /// <summary>The destination in a slot is out of the message whose last segment this is.</summary>
    public void ClearTarget(ulong sequence, int slot) => this[sequence].Targets![slot >> 6] &= ~(1UL << (slot & 63));

    /// <summary>Lets go of what nobody waits for, up to a segment that is in use; says how many whole messages that were.</summary>
    public uint Trim(ulong end)
    {
        var messages = 0u;
        for (; Start < end && this[Start].Pending == 0; Start++)
        {
            ref var segment = ref this[Start];
            shared.Counters.SegmentsConfirmed++;
            if (segment.Part.Ends)
            {
                messages++;
                shared.TargetBlocks.Return(segment.Targets!);
            }

            segment = default;
        }

        Sent = Math.Max(Sent, Start);
        if (Start == End)
            ReleaseRing();
        return messages;
    }

    public void ReleaseAll()
    {
        for (var sequence = Start; sequence < End; sequence++)
        {
            if (this[sequence].Pending > 0)
                ReleasePlace(sequence);
            if (this[sequence].Part.Ends)
                shared.TargetBlocks.Return(this[sequence].Targets!);
        }

        Start = End;
        Sent = End;
        ReleaseRing();
    }

    private void ReleasePlace(ulong sequence)
    {
        ref var segment = ref this[sequence];
        shared.Segments.Return(segment.Place);
        segment.Place = -1;
        shared.SendMemory.Give(1);
    }

    private void Reserve(int more)
    {
        var wanted = Count + more;
        if (_ring is not null && wanted <= _ring.Length)
            return;
        var old = _ring;
        var ring = shared.MulticastBlocks.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, SmallestRing)));
        for (var sequence = Start; sequence < End; sequence++)
            ring[sequence & (ulong)(ring.Length - 1)] = this[sequence];
        _ring = ring;
        if (old is not null)
            shared.MulticastBlocks.Return(old);
    }

    private void ReleaseRing()
    {
        if (_ring is null)
            return;
        shared.MulticastBlocks.Return(_ring);
        _ring = null;
    }
}
