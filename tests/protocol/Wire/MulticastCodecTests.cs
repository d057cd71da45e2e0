using WeCan.Contracts;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, sections 7.5 and 7.6.</summary>
public sealed class MulticastCodecTests
{
    private static readonly BootEpoch Origin = new(0x0102_0304);
    private static readonly BootEpoch Destination = new(0xA0B0_C0D0);

    /// <summary>Section 7.5: to many; 5 for all but the edges 100 and 200 (a list: 9, opens) and those from 0 to 15 but 1 and 2 (a bit string: 3).</summary>
    [Fact]
    public void AMulticastSegmentIsTheOneDrawn()
    {
        byte[] drawn = [0x56, 1, 2, 3, 4, 7, 0x40, 0xC8, 10, 2, 19, 2, 100, 200, 6, 0x82, 0xF9, 0xFF, 0xEE];
        var expected = new MulticastSegmentHeader { OriginEpoch = Origin, Flow = 7, Sequence = 200, Part = MessagePart.Whole };
        foreach (var (edge, back, opens) in ((byte, ulong, bool)[])[(250, 5, false), (100, 9, true), (200, 9, true), (0, 3, false), (15, 3, false), (16, 5, false)])
        {
            Assert.True(MulticastSegmentHeader.TryRead(drawn, edge, out var header, out var payload));
            Assert.Equal(expected with { Prior = 200 - back, MayOpen = opens }, header);
            Assert.Equal([0xEE], payload.ToArray());
        }

        var buffer = new byte[64];
        var writer = new WireWriter(buffer);
        expected.Write(ref writer);
        writer.WriteVarInt(MulticastSegmentHeader.ReachOf(200, 195, opens: false));
        writer.WriteByte(2);
        PriorList.WriteGroup(ref writer, MulticastSegmentHeader.ReachOf(200, 191, opens: true), [100, 200]);
        PriorList.WriteGroup(ref writer, MulticastSegmentHeader.ReachOf(200, 197, opens: false), [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        writer.WriteByte(0xEE);
        Assert.Equal(drawn, writer.Written.ToArray());
    }

    /// <summary>Section 7.5: to one, the first segment of a longer message, and one in its middle.</summary>
    [Fact]
    public void ADirectSegmentIsTheOneDrawn()
    {
        byte[] first = [0x53, 1, 2, 3, 4, 7, 9, 0xA0, 0xB0, 0xC0, 0xD0, 0x47, 0xD0, 8, .. new byte[1_024]];
        Assert.True(MulticastSegmentHeader.TryRead(first, 0, out var header, out var payload));
        Assert.Equal(
            new MulticastSegmentHeader { OriginEpoch = Origin, Flow = 7, Sequence = 9, IsDirect = true, DestinationEpoch = Destination, Part = new(true, false, 2_000), Prior = 5 },
            header);
        Assert.Equal(1_024, payload.Length);
        first[0] |= 0x08;
        Assert.True(MulticastSegmentHeader.TryRead(first, 0, out var anew, out _));
        Assert.Equal(header with { JoinsAnew = true }, anew);
        byte[] middle = [0x51, 1, 2, 3, 4, 7, 10, 0, 0, 0, 0, 0xEE];
        Assert.True(MulticastSegmentHeader.TryRead(middle, 0, out header, out _));
        Assert.Equal(new MulticastSegmentHeader { OriginEpoch = Origin, Flow = 7, Sequence = 10, IsDirect = true, Prior = 10 }, header);
    }

    /// <summary>Section 7.5.</summary>
    [Theory]
    [InlineData("5E01020304070A0A00", "to many, and joins anew")]
    [InlineData("59010203040709A0B0C0D0EE", "joins anew, and begins no message")]
    [InlineData("56000000000700000000", "no origin epoch")]
    [InlineData("5601020304070A1600", "a reach beyond 0")]
    [InlineData("5601020304070A0A01", "a group that is not there")]
    [InlineData("5601020304070A0A010200", "a group of no edge")]
    [InlineData("5601020304070A0A01020201", "a list that is cut off")]
    [InlineData("5601020304070A0A0102020201", "a list that does not ascend")]
    [InlineData("5601020304070A0A01028100", "a bit string that ends in zeros")]
    [InlineData("5601020304070A0A0102A1", "a bit string beyond a set")]
    [InlineData("570102030407 0A A0B0C0D0 03", "a known life that opens")]
    [InlineData("520102030407 0A 47D0 0A00 EE", "a first segment that is not full")]
    [InlineData("5601020304C0000000800000000A0A00", "a flow number beyond those of multicasts")]
    public void WhatTheSectionDoesNotAllowIsRefused(string hex, string why) =>
        Assert.False(MulticastSegmentHeader.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 0, out _, out _), why);

    /// <summary>Section 7.6: two flows, the first with a gap and a mark.</summary>
    [Fact]
    public void AConfirmationIsTheOneDrawn()
    {
        byte[] drawn = [0x60, 0xA0, 0xB0, 0xC0, 0xD0, 1, 2, 3, 4, 7, 10, 0x44, 0, 0x82, 2, 4, 0, 0, 9, 0, 5, 0];
        var reader = new WireReader(drawn);
        Assert.True(MulticastConfirmEntry.TryReadHead(ref reader, out var destination, out var origin));
        Assert.Equal((Destination, Origin), (destination, origin));
        Span<SequenceRange> ranges = new SequenceRange[MulticastConfirmEntry.MaxRanges];
        Assert.True(MulticastConfirmEntry.TryRead(ref reader, ranges, out var first, out var count));
        Assert.Equal(new MulticastConfirmEntry { Flow = 7, Next = 10, Credit = 1_024, Marked = true }, first);
        SequenceRange[] expected = [new(13, 18), new(19, 20)];
        Assert.Equal(expected, ranges[..count].ToArray());
        Assert.True(MulticastConfirmEntry.TryRead(ref reader, ranges, out var second, out count));
        Assert.Equal((new MulticastConfirmEntry { Flow = 9, Credit = 5 }, 0, true), (second, count, reader.IsAtEnd));

        var writer = new WireWriter(new byte[64]);
        MulticastConfirmEntry.WriteHead(ref writer, Destination, Origin);
        first.Write(ref writer, expected);
        second.Write(ref writer, []);
        Assert.Equal(drawn, writer.Written.ToArray());
    }

    /// <summary>Section 7.5: whatever reaches the edges of a set have, each reads its own, however many copies that takes.</summary>
    [Fact]
    public void EveryEdgeReadsWhatWasWrittenForIt()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var random = new SimRandom(seed);
            var priors = new Protocol.Transport.MulticastPriors();
            var left = new ulong[4];
            var reaches = new Dictionary<byte, ulong>();
            var spread = 1 + random.Below(random.Chance(0.5) ? 5 : 2_000);
            for (var edge = 0; edge < 256; edge++)
            {
                if (!random.Chance(0.1 + (seed % 9 / 10.0)))
                    continue;
                reaches[(byte)edge] = (ulong)random.Below(spread);
                left[edge >> 6] |= 1UL << (edge & 63);
            }

            for (var copies = 0; left.Any(word => word != 0); copies++)
            {
                Assert.True(copies < 12, $"seed {seed}: too many copies");
                var before = left.ToArray();
                priors.Begin();
                foreach (var edge in reaches.Keys.Where(edge => (before[edge >> 6] & (1UL << (edge & 63))) != 0).Order())
                    priors.Add(edge, reaches[edge]);
                var writer = new WireWriter(new byte[176]);
                priors.Write(ref writer, 176, left);
                foreach (var edge in reaches.Keys.Where(edge => ((before[edge >> 6] & ~left[edge >> 6]) & (1UL << (edge & 63))) != 0))
                {
                    var reader = new WireReader(writer.Written);
                    Assert.True(PriorList.TryRead(ref reader, edge, out var reach) && reader.IsAtEnd);
                    Assert.True(reaches[edge] == reach, $"seed {seed}: edge {edge} reads {reach} and not {reaches[edge]}");
                }
            }
        }
    }
}
