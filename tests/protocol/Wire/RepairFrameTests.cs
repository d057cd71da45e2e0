using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 5.9: the head of a REPAIR frame.</summary>
public sealed class RepairFrameTests
{
    private static readonly byte[] Vector = [0, 9, 7];

    private static readonly ulong[][] Sets =
    [
        [5, 6],
        [0, 4_095],
        [0xFF_FFFE, 0xFF_FFFF, 0x100_0000, 0x100_0002, 0x100_0003],
        [.. Enumerable.Range(1_000_000, 64).Select(i => (ulong)i)],
        [.. Enumerable.Range(0, 16).Select(i => (ulong)(i * 273))],
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_covered_comes_back(int set)
    {
        var symbols = Sets[set];
        var writer = new WireWriter(new byte[100]);
        RepairFrame.WriteHead(ref writer, ServiceClass.Bulk, 200, symbols);
        Assert.Equal(RepairFrame.MeasureHead(symbols), writer.Length);
        writer.WriteBytes(Vector);
        Assert.Equal(0x23, writer.Written[0]);
        Assert.True(TryRead(writer.Written, out var frame));
        Assert.Equal(ServiceClass.Bulk, frame.Class);
        Assert.Equal((uint)symbols[0] & 0xFF_FFFF, frame.First);
        Assert.Equal(200, frame.Row);
        Assert.Equal(symbols.Length, frame.Count);
        Assert.Equal((int)(symbols[^1] - symbols[0]), frame.Extent);
        Assert.Equal(Vector, frame.Vector.ToArray());
        var walk = frame.Symbols(symbols[0]);
        foreach (var expected in symbols)
        {
            Assert.True(walk.TryNext(out var symbol));
            Assert.Equal(expected, symbol);
        }

        Assert.False(walk.TryNext(out _));
    }

    [Fact]
    public void What_no_frame_may_cover_has_no_measure()
    {
        Assert.Equal(0, RepairFrame.MeasureHead([7]));
        Assert.Equal(0, RepairFrame.MeasureHead([7, 7 + 4_096]));
        Assert.Equal(0, RepairFrame.MeasureHead([.. Enumerable.Range(0, 65).Select(i => (ulong)i)]));
        Assert.Equal(0, RepairFrame.MeasureHead([.. Enumerable.Range(0, 17).Select(i => (ulong)(2 * i))]));
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 0 }, "too short")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 0, 0, 1, 2, 3 }, "one symbol")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 0, 0x40, 64, 1, 2, 3 }, "65 symbols in one run")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 1, 31, 0, 32, 1, 2, 3 }, "65 symbols in two runs")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 1, 0, 0x4F, 0xFF, 0, 1, 2, 3 }, "a span of 4,097")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 2, 3 }, "the longest gap")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3 }, "the longest run")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "17 runs")]
    [InlineData(new byte[] { 0x20, 0, 0, 5, 0, 0, 1, 1, 2 }, "a head and nothing behind it")]
    public void What_no_sender_writes_is_refused(byte[] bytes, string why) => Assert.False(TryRead(bytes, out _), why);

    [Fact]
    public void A_vector_is_as_long_as_the_longest_packet_and_its_head_at_most()
    {
        byte[] head = [0x21, 0, 0, 5, 0, 0, 1];
        Assert.True(TryRead([.. head, .. new byte[2 + WireLimits.MaxPathPacket]], out _));
        Assert.False(TryRead([.. head, .. new byte[3 + WireLimits.MaxPathPacket]], out _));
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out RepairFrame frame)
    {
        var reader = new WireReader(bytes[1..]);
        return RepairFrame.TryRead(bytes[0], ref reader, out frame);
    }
}
