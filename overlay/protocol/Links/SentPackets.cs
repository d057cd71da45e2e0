using System.Buffers;

namespace WeCan.Protocol.Links;

/// <summary>
/// The packets of a link that wait for acknowledgement: a ring indexed by packet number that grows by doubling up to
/// <see cref="LinkLimits.MaxTrackedPackets"/> and is given back when nothing is in flight and the link falls silent.
/// Invariant: every packet in flight lies in [Oldest, Next).
/// </summary>
internal struct SentPackets
{
    private const int FirstCapacity = 32;

    private SentPacket[]? _ring;
    private int _capacity;

    /// <summary>No packet below this number is in flight.</summary>
    public ulong Oldest { readonly get; private set; }

    /// <summary>The number of the next packet.</summary>
    public ulong Next { readonly get; private set; }

    public int InFlightCount { readonly get; private set; }

    public long InFlightBytes { readonly get; private set; }

    /// <summary>Of no packet below this number anything is known.</summary>
    public readonly ulong OldestKnown => Next > (ulong)_capacity ? Next - (ulong)_capacity : 0;

    public readonly bool HasRoom => Next - Oldest < LinkLimits.MaxTrackedPackets;

    /// <summary>Takes the next number for a packet that nobody will acknowledge.</summary>
    public ulong TakeNumber()
    {
        var number = Next++;
        if (InFlightCount > 0)
        {
            Track(number) = default;
            return number;
        }

        // An acknowledgement can name this number, and must not find an older packet in its slot.
        Oldest = Next;
        if (_ring is not null)
            this[number] = default;
        return number;
    }

    /// <summary>The slot of the packet that is being built and is to be tracked under the next number.</summary>
    public ulong Add(in SentPacket packet)
    {
        var number = Next++;
        ref var slot = ref Track(number);
        slot = packet;
        slot.InFlight = true;
        slot.WasLost = false;
        InFlightCount++;
        InFlightBytes += packet.Size;
        return number;
    }

    public readonly bool IsInFlight(ulong number) =>
        number >= Oldest && number < Next && _ring is not null && this[number].InFlight;

    /// <summary>Whether the packet was given up so recently that its slot still tells of it.</summary>
    public readonly bool WasLost(ulong number) =>
        number < Next && number >= OldestKnown && _ring is not null && this[number].WasLost;

    public readonly ref SentPacket this[ulong number] => ref _ring![(int)(number & (ulong)(_capacity - 1))];

    /// <summary>A packet was acknowledged or lost: it is in flight no more.</summary>
    public void Remove(ulong number)
    {
        ref var slot = ref this[number];
        slot.InFlight = false;
        InFlightCount--;
        InFlightBytes -= slot.Size;
        if (InFlightCount == 0)
        {
            Oldest = Next;
            return;
        }

        while (!this[Oldest].InFlight)
            Oldest++;
    }

    public void Trim()
    {
        if (_ring is null || InFlightCount != 0)
            return;
        ArrayPool<SentPacket>.Shared.Return(_ring);
        _ring = null;
        _capacity = 0;
        Oldest = Next;
    }

    private ref SentPacket Track(ulong number)
    {
        if (InFlightCount == 0)
            Oldest = number;
        while (number - Oldest >= (ulong)_capacity)
            Grow(number);
        return ref this[number];
    }

    private void Grow(ulong end)
    {
        var capacity = _capacity == 0 ? FirstCapacity : _capacity * 2;
        var ring = ArrayPool<SentPacket>.Shared.Rent(capacity);
        Array.Clear(ring);
        if (_ring is not null)
        {
            for (var number = Oldest; number < end; number++)
                ring[(int)(number & (ulong)(capacity - 1))] = this[number];
            ArrayPool<SentPacket>.Shared.Return(_ring);
        }

        _ring = ring;
        _capacity = capacity;
    }
}
