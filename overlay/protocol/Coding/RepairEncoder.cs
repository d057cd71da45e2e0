using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>
/// Writes REPAIR frames straight from the packet buffers of a lane's window, which stay the lane's. It keeps nothing and
/// allocates nothing. What it covers are symbols of one class, going up by <see cref="PacketBuffer.Symbol"/>, whose bytes,
/// length and piece are still what was or will be sent under that number.
/// </summary>
internal static class RepairEncoder
{
    /// <summary>
    /// The length of the frame that covers these; 0 when no frame may: fewer than 2 or more than 64, more than 16 runs,
    /// more than 4,095 numbers apart, or two that the coefficients cannot tell apart (numbers equal modulo 128).
    /// </summary>
    public static int Measure(scoped ReadOnlySpan<PacketBuffer> covered)
    {
        if (covered.Length is < WireLimits.MinRepairSymbols or > WireLimits.MaxRepairSymbols || !AreDistinct(covered))
            return 0;
        Span<ulong> symbols = stackalloc ulong[WireLimits.MaxRepairSymbols];
        var head = RepairFrame.MeasureHead(NumbersOf(covered, symbols));
        return head == 0 ? 0 : head + RepairFrame.VectorHead + Longest(covered);
    }

    /// <summary>
    /// Writes the frame. <see cref="Measure"/> has allowed these symbols, and the writer has that much room. Rows that go
    /// out while the same symbols are missing should differ modulo 128: a counter for each class does that.
    /// </summary>
    public static void Write(ref WireWriter writer, ServiceClass serviceClass, byte row, scoped ReadOnlySpan<PacketBuffer> covered)
    {
        Span<ulong> symbols = stackalloc ulong[WireLimits.MaxRepairSymbols];
        RepairFrame.WriteHead(ref writer, serviceClass, row, NumbersOf(covered, symbols));
        var vector = writer.Reserve(RepairFrame.VectorHead + Longest(covered));
        vector.Clear();
        var sum = new Gf256Sum(vector[RepairFrame.VectorHead..]);
        var head = 0;
        foreach (var packet in covered)
        {
            var coefficient = Cauchy.Coefficient(row, packet.Symbol);
            head ^= Gf256.MultiplyHead(coefficient, SymbolHead.Of(packet.Piece, packet.Length));
            sum.Add(coefficient, packet.Bytes, packet.Length);
        }

        sum.Finish();
        BinaryPrimitives.WriteUInt16BigEndian(vector, (ushort)head);
    }

    private static ReadOnlySpan<ulong> NumbersOf(scoped ReadOnlySpan<PacketBuffer> covered, Span<ulong> symbols)
    {
        for (var i = 0; i < covered.Length; i++)
            symbols[i] = covered[i].Symbol;
        return symbols[..covered.Length];
    }

    private static int Longest(scoped ReadOnlySpan<PacketBuffer> covered)
    {
        var longest = 0;
        foreach (var packet in covered)
            longest = Math.Max(longest, packet.Length);
        return longest;
    }

    private static bool AreDistinct(scoped ReadOnlySpan<PacketBuffer> covered)
    {
        UInt128 seen = 0;
        foreach (var packet in covered)
        {
            var bit = UInt128.One << (int)(packet.Symbol & (Cauchy.Order - 1));
            if ((seen & bit) != 0)
                return false;
            seen |= bit;
        }

        return true;
    }
}
