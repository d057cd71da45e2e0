using System.Buffers;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>
/// The bytes of the symbols that came last, one class of one link: a ring of <see cref="CodingLimits.RememberedSymbols"/>
/// places by the number's low bits, where a newer symbol takes an older one's place. It owns its buffers. The ring is
/// rented with the first symbol and goes back with <see cref="Clear"/>.
/// </summary>
internal struct SymbolMemory(PacketPool pool)
{
    private PacketBuffer?[]? _ring;

    public readonly PacketBuffer? Find(ulong symbol) =>
        _ring?[Place(symbol)] is { } packet && packet.Symbol == symbol ? packet : null;

    /// <summary>
    /// Remembers a copy, unless a newer symbol has the place or the pool has not plenty left: packets on their way need it more.
    /// </summary>
    public void Remember(ulong symbol, sbyte piece, ReadOnlySpan<byte> content)
    {
        if (content.Length > WireLimits.MaxPathPacket)
            return;
        ref var slot = ref SlotOf(symbol);
        if (slot is not null && slot.Symbol > symbol)
            return;
        if (slot is null || PacketPool.CapacityFor(content.Length) != slot.Bytes.Length)
        {
            if (slot is not null)
                pool.Return(slot);
            slot = pool.HasPlenty ? pool.TryRent(content.Length) : null;
            if (slot is null)
                return;
        }

        slot.Length = content.Length;
        slot.Symbol = symbol;
        slot.Piece = piece;
        content.CopyTo(slot.Bytes);
    }

    /// <summary>Takes ownership of a buffer that holds a symbol. False, and the caller keeps it, when a newer one has the place.</summary>
    public bool TryAdopt(PacketBuffer packet)
    {
        ref var slot = ref SlotOf(packet.Symbol);
        if (slot is not null)
        {
            if (slot.Symbol > packet.Symbol)
                return false;
            pool.Return(slot);
        }

        slot = packet;
        return true;
    }

    public void Clear()
    {
        if (_ring is null)
            return;
        foreach (var packet in _ring.AsSpan(0, CodingLimits.RememberedSymbols))
        {
            if (packet is not null)
                pool.Return(packet);
        }

        ArrayPool<PacketBuffer?>.Shared.Return(_ring, clearArray: true);
        _ring = null;
    }

    private static int Place(ulong symbol) => (int)(symbol & (CodingLimits.RememberedSymbols - 1));

    private ref PacketBuffer? SlotOf(ulong symbol)
    {
        _ring ??= Rent();
        return ref _ring[Place(symbol)];
    }

    private static PacketBuffer?[] Rent()
    {
        var ring = ArrayPool<PacketBuffer?>.Shared.Rent(CodingLimits.RememberedSymbols);
        Array.Clear(ring);
        return ring;
    }
}
