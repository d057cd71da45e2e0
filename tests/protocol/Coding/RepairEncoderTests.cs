using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>docs/wire-format.md, section 5.9: what a repair's bytes are, and what may not be covered.</summary>
public sealed class RepairEncoderTests
{
    [Fact]
    public void A_repair_is_the_sum_of_coefficient_times_vector()
    {
        // Row 3 and the symbols 1 and 2: 1/(0x83 ^ 1) = 1/0x82 and 1/(0x83 ^ 2) = 1/0x81.
        PacketBuffer[] covered = [Packet(1, DataFrame.Whole, 0x10, 0x20, 0x30), Packet(2, 1, 0x40)];
        var writer = new WireWriter(new byte[64]);
        RepairEncoder.Write(ref writer, ServiceClass.Signal, 3, covered);
        var (one, two) = (Gf256.Inverse(0x82), Gf256.Inverse(0x81));
        byte[] expected =
        [
            0x22, 0, 0, 1, 3, 0, 1,
            Gf256.Multiply(two, 0x80), (byte)(Gf256.Multiply(one, 3) ^ Gf256.Multiply(two, 1)),
            (byte)(Gf256.Multiply(one, 0x10) ^ Gf256.Multiply(two, 0x40)), Gf256.Multiply(one, 0x20), Gf256.Multiply(one, 0x30),
        ];
        Assert.Equal(expected, writer.Written.ToArray());
        Assert.Equal(expected.Length, RepairEncoder.Measure(covered));
    }

    /// <summary>The same bytes from today on, whatever is made faster: a peer of another version must solve them.</summary>
    [Fact]
    public void A_repair_has_the_bytes_it_always_had()
    {
        PacketBuffer[] covered = [.. Enumerable.Range(0, 5).Select(i => Packet(1_000 + ((ulong)i * 3), (sbyte)((i % 3) - 1), [.. Enumerable.Range(0, 4 + i).Select(at => (byte)((17 * i) + (31 * at)))]))];
        var writer = new WireWriter(new byte[64]);
        RepairEncoder.Write(ref writer, ServiceClass.Realtime, 0xC5, covered);
        Assert.Equal("210003e8c5040001000100010001000e97f7cac12eade7578e", Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void No_coefficient_is_zero_and_no_two_of_a_row_or_column_are_equal()
    {
        for (var row = 0; row < 128; row++)
        {
            var entries = Enumerable.Range(0, 128).Select(symbol => Cauchy.Coefficient((byte)row, (ulong)symbol)).ToHashSet();
            Assert.Equal(128, entries.Count);
            Assert.DoesNotContain((byte)0, entries);
            Assert.Equal(128, Enumerable.Range(0, 128).Select(other => Cauchy.Coefficient((byte)other, (ulong)row)).Distinct().Count());
        }
    }

    [Fact]
    public void The_longest_repair_fits_a_full_datagram()
    {
        PacketBuffer[] covered = [.. Enumerable.Range(0, 64).Select(i => Packet((ulong)(i + (i / 4 * 256)), DataFrame.Whole, new byte[WireLimits.MaxPathPacket]))];
        Assert.InRange(RepairEncoder.Measure(covered), WireLimits.MaxPathPacket, WireLimits.FullDatagram - SealedHeader.MinDatagram);
    }

    [Fact]
    public void What_coefficients_cannot_tell_apart_is_not_covered_together()
    {
        Assert.Equal(0, RepairEncoder.Measure([Packet(5, DataFrame.Whole, 1), Packet(133, DataFrame.Whole, 1)]));
        Assert.NotEqual(0, RepairEncoder.Measure([Packet(5, DataFrame.Whole, 1), Packet(132, DataFrame.Whole, 1)]));
        Assert.Equal(0, RepairEncoder.Measure([Packet(5, DataFrame.Whole, 1)]));
    }

    private static PacketBuffer Packet(ulong symbol, sbyte piece, params byte[] bytes) =>
        new(bytes) { Length = bytes.Length, Symbol = symbol, Piece = piece };
}
