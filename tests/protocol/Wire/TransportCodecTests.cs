using WeCan.Contracts;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 7.</summary>
public sealed class TransportCodecTests
{
    private static readonly BootEpoch Origin = new(0x0102_0304);
    private static readonly BootEpoch Destination = new(0xA0B0_C0D0);

    /// <summary>Section 7.1: a layout written out by hand, so that writer and reader cannot be wrong together.</summary>
    [Fact]
    public void StreamLayoutIsTheOneDrawn()
    {
        byte[] drawn = [0x12, 1, 2, 3, 4, 0x45, 0x67, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 0, 9, 0x40, 0x64, 0xEE];
        Assert.True(StreamHeader.TryRead(drawn, out var header, out var payload));
        Assert.Equal(new StreamHeader { OriginEpoch = Origin, Flow = 0x567, DestinationEpoch = Destination, Sequence = 9, Part = new(true, false, 100) }, header);
        Assert.Equal([0xEE], payload.ToArray());
        Assert.Equal(drawn, WriteStream(header, payload));
    }

    /// <summary>Section 7.2.</summary>
    [Fact]
    public void ConfirmLayoutIsTheOneDrawn()
    {
        byte[] drawn = [0x21, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 1, 0, 0x44, 0, 2, 0, 4, 1, 0];
        Span<SegmentRange> ranges = new SegmentRange[ConfirmFrame.MaxRanges];
        Assert.True(ConfirmFrame.TryRead(drawn, ranges, out var frame, out var count));
        Assert.Equal(new ConfirmFrame { OriginEpoch = Origin, Flow = 7, DestinationEpoch = Destination, Next = 256, Credit = 1_024, Marked = true }, frame);
        Assert.Equal([new SegmentRange(1, 5), new SegmentRange(8, 1)], ranges[..count].ToArray());
        Assert.Equal(drawn, WriteConfirm(frame, ranges[..count]));
    }

    /// <summary>Section 7.3.</summary>
    [Fact]
    public void ResetLayoutIsTheOneDrawn()
    {
        byte[] drawn = [0x30, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 2];
        Assert.True(ResetPacket.TryRead(drawn, out var reset));
        Assert.Equal(new ResetPacket { OriginEpoch = Origin, Flow = 7, DestinationEpoch = Destination, Reason = ResetReason.NoRoom }, reset);
        drawn[0] = 0x31;
        Assert.True(ResetPacket.TryRead(drawn, out reset));
        Assert.True(reset.FromOrigin);
    }

    /// <summary>Section 7.4.</summary>
    [Fact]
    public void RealtimeLayoutIsTheOneDrawn()
    {
        byte[] drawn = [0x41, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0, 1, 0, 2, 0xEE];
        Assert.True(RealtimeHeader.TryRead(drawn, out var header, out var payload));
        Assert.Equal(new RealtimeHeader { OriginEpoch = Origin, Flow = 7, Sequence = 5, Index = 1, Count = 2 }, header);
        Assert.Equal(1, payload.Length);
        byte[] whole = [0x40, 1, 2, 3, 4, 7, 0, 0, 0, 5];
        Assert.True(RealtimeHeader.TryRead(whole, out header, out payload));
        Assert.Equal(1, header.Count);
        Assert.True(payload.IsEmpty);
        whole[0] = 0x4A;
        Assert.True(RealtimeHeader.TryRead(whole, out header, out _));
        Assert.Equal((2, true, 5), (header.Token, header.TakesSeveral, header.AudienceAge));
        Assert.Equal(header, header with { AudienceAge = header.AudienceAge });
    }

    /// <summary>Section 7.4: what a flow to many says of when a destination came back, and which gap may reach behind that.</summary>
    [Fact]
    public void TheAgeOfAnAudienceIsTheOneDrawn()
    {
        uint[] below = [4, 16, 64, 256, 2_048, 16_384, 65_536];
        for (var code = 1; code <= below.Length; code++)
        {
            var least = code == 1 ? 0 : below[code - 2];
            Assert.Equal((code, code), (AudienceAge.CodeOf(least), AudienceAge.CodeOf(below[code - 1] - 1)));
            Assert.False(AudienceAge.Spans(code, (int)least));
            Assert.True(AudienceAge.Spans(code, (int)least + 1));
        }

        Assert.Equal((0, 0), (AudienceAge.CodeOf(65_536), AudienceAge.CodeOf(uint.MaxValue)));
        Assert.False(AudienceAge.Spans(0, int.MaxValue));
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        for (var seed = 1UL; seed <= 2_000; seed++)
        {
            var random = new SimRandom(seed);
            var begins = random.Chance(0.5);
            var ends = random.Chance(0.5);
            var payload = new byte[1 + random.Below(1_200)];
            var stream = new StreamHeader
            {
                OriginEpoch = Origin,
                Flow = (uint)random.Next() >> random.Below(32),
                DestinationEpoch = random.Chance(0.5) ? Destination : BootEpoch.None,
                Sequence = (uint)random.Next(),
                Part = new(begins, ends, begins && !ends ? payload.Length + 1 + random.Below(WireLimits.MaxMessage - payload.Length) : 0),
            };
            Assert.True(StreamHeader.TryRead(WriteStream(stream, payload), out var streamBack, out var payloadBack), $"seed {seed}");
            Assert.Equal(stream, streamBack);
            Assert.Equal(payload.Length, payloadBack.Length);

            var frame = new ConfirmFrame
            {
                OriginEpoch = Origin,
                Flow = stream.Flow,
                DestinationEpoch = Destination,
                Next = stream.Sequence,
                Credit = random.Below(2_000),
            };
            var ranges = new SegmentRange[random.Below(ConfirmFrame.MaxRanges + 1)];
            var at = 0u;
            foreach (ref var range in ranges.AsSpan())
            {
                range = new SegmentRange(at + 1 + (uint)random.Below(70), 1 + (uint)random.Below(70));
                at = range.Offset + range.Length;
            }

            Span<SegmentRange> back = new SegmentRange[ConfirmFrame.MaxRanges];
            var written = WriteConfirm(frame, ranges);
            Assert.True(written.Length <= ConfirmFrame.MaxLength);
            Assert.True(ConfirmFrame.TryRead(written, back, out var frameBack, out var count), $"seed {seed}");
            Assert.Equal(frame, frameBack);
            Assert.Equal(ranges, back[..count].ToArray());
        }
    }

    /// <summary>docs/wire-format.md, section 7.7, by hand; what is not allowed is refused, and so is every cut.</summary>
    [Fact]
    public void ReportsAreAsTheSpecificationDrawsThem()
    {
        Span<ReportEntry> entries = new ReportEntry[ReportPacket.MaxEntries];
        byte[] packet = [0x70, 0, 0, 0, 9, 0, 0, 0, 8, 7, 0xFE, 0x12, 0x34, 0xAB, 0xCD, 3, 0xE8, 0x41, 0x00, 1, 0, 1, 0, 2, 0, 3];
        Assert.True(ReportPacket.TryRead(packet, entries, out var report, out var count));
        Assert.Equal(new ReportPacket(new(9), new(8)), report);
        Assert.Equal(2, count);
        Assert.Equal(new ReportEntry(7, 2, 0x1234, 0xABCD, 31, Strained: true, 1_000), entries[0]);
        Assert.Equal(new ReportEntry(0x100, 1, 1, 2, 0, Strained: false, 3), entries[1]);
        var writer = new WireWriter(new byte[packet.Length]);
        report.Write(ref writer);
        ReportPacket.WriteEntry(ref writer, entries[0]);
        ReportPacket.WriteEntry(ref writer, entries[1]);
        Assert.Equal(packet, writer.Written.ToArray());

        for (var length = 0; length < packet.Length; length++)
            Assert.Equal(length == 17, ReportPacket.TryRead(packet.AsSpan(0, length), entries, out _, out _));
        Assert.False(ReportPacket.TryRead(With(packet, 0, 0x71), entries, out _, out _), "reserved bit");
        Assert.False(ReportPacket.TryRead(With(packet, 4, 0), entries, out _, out _), "no reporter epoch");
        Assert.False(ReportPacket.TryRead(With(packet, 8, 0), entries, out _, out _), "no origin epoch");
        byte[] full = [.. packet[..9], .. Enumerable.Repeat(packet[9..17], ReportPacket.MaxEntries).SelectMany(entry => entry)];
        Assert.True(ReportPacket.TryRead(full, entries, out _, out count));
        Assert.Equal(ReportPacket.MaxEntries, count);
        Assert.False(ReportPacket.TryRead([.. full, .. packet[9..17]], entries, out _, out _), "too many entries");
    }

    [Theory]
    [InlineData(0x40, 0, false)]
    [InlineData(0x44, 1, false)]
    [InlineData(0x4E, 3, true)]
    public void ARealtimePacketNamesItsRouteInItsFirstByte(int first, int token, bool several)
    {
        byte[] packet = [(byte)first, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0xEE];
        Assert.True(RealtimeHeader.TryRead(packet, out var header, out var payload));
        Assert.Equal((token, several, 1), (header.Token, header.TakesSeveral, payload.Length));
        var writer = new WireWriter(new byte[packet.Length]);
        header.Write(ref writer);
        Assert.Equal(packet[..10], writer.Written.ToArray());
    }

    [Fact]
    public void WhatTheSpecificationForbidsIsRefused()
    {
        byte[] stream = [0x12, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 0, 9, 0x02, 0xEE];
        Assert.True(StreamHeader.TryRead(stream, out _, out _));
        Assert.False(StreamHeader.TryRead(With(stream, 0, 0x1A), out _, out _), "reserved bit");
        Assert.False(StreamHeader.TryRead(With(stream, 14, 0x01), out _, out _), "a message no longer than its first segment");
        Assert.False(StreamHeader.TryRead(stream.AsSpan(0, 15), out _, out _), "a first segment without bytes");
        Assert.False(StreamHeader.TryRead([0x11, 0, 0, 0, 0, 7, 0, 0, 0, 9], out _, out _), "no origin epoch");
        Assert.False(StreamHeader.TryRead([0x16, 1, 2, 3, 4, 7, 0, 0, 0, 0, 0, 0, 0, 9], out _, out _), "no destination epoch");
        Assert.False(StreamHeader.TryRead(new byte[] { 0x17, 1, 2, 3, 4, 7, 0, 0, 0, 9 }.Concat(new byte[1_201]).ToArray(), out _, out _), "too long a segment");
        Assert.False(StreamHeader.TryRead([0x13, 1, 2, 3, 4, 7, 0, 0, 0, 9, 0x80, 0x10, 0, 1, 5], out _, out _), "over a MiB");

        Span<SegmentRange> ranges = new SegmentRange[ConfirmFrame.MaxRanges];
        byte[] confirm = [0x20, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 1, 0, 5, 1, 0, 4];
        Assert.True(ConfirmFrame.TryRead(confirm, ranges, out _, out _));
        Assert.False(ConfirmFrame.TryRead([.. confirm, 0], ranges, out _, out _), "bytes behind the end");
        Assert.False(ConfirmFrame.TryRead(With(confirm, 0, 0x22), ranges, out _, out _), "reserved bit");
        Assert.False(ConfirmFrame.TryRead([.. confirm[..15], 17, .. new byte[34]], ranges, out _, out _), "17 ranges");
        Assert.False(ConfirmFrame.TryRead([.. confirm[..16], 0xC0, 0, 0, 0, 0x80, 0, 0, 0, 0], ranges, out _, out _), "a range out of reach");

        byte[] reset = [0x30, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 2];
        Assert.False(ResetPacket.TryRead(With(reset, 10, 0), out _), "reason 0");
        Assert.False(ResetPacket.TryRead(With(reset, 10, 4), out _), "reason 4");
        Assert.False(ResetPacket.TryRead([.. reset, 0], out _), "bytes behind the end");

        byte[] realtime = [0x41, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0, 1, 0, 2, 0xEE];
        Assert.False(RealtimeHeader.TryRead(With(realtime, 11, 2), out _, out _), "index past the count");
        Assert.False(RealtimeHeader.TryRead(With(realtime, 11, 0), out _, out _), "a short fragment that is not the last");
        Assert.False(RealtimeHeader.TryRead([0x41, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0, 0, 0, 1, 0xEE], out _, out _), "a count of 1");
        Assert.False(RealtimeHeader.TryRead([0x41, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0, 1, 0xFF, 0xFF, 0xEE], out _, out _), "over a MiB");
        Assert.True(RealtimeHeader.TryRead([0x40, 1, 2, 3, 4, 7, 0, 0, 0, 5, .. new byte[1_208]], out _, out _));
        Assert.False(RealtimeHeader.TryRead([0x40, 1, 2, 3, 4, 7, 0, 0, 0, 5, .. new byte[1_209]], out _, out _), "too long a whole message");
        Assert.False(RealtimeHeader.TryRead([0x41, 1, 2, 3, 4, 7, 0, 0, 0, 5, 0, 1, 0, 2, .. new byte[1_201]], out _, out _), "too long a last fragment");
    }

    /// <summary>Every cut of a packet is either refused or, where only payload is missing, read as shorter.</summary>
    [Fact]
    public void CutPacketsAreRefused()
    {
        Span<SegmentRange> ranges = new SegmentRange[ConfirmFrame.MaxRanges];
        byte[] confirm = [0x20, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 1, 0, 5, 1, 0, 4];
        for (var length = 0; length < confirm.Length; length++)
            Assert.False(ConfirmFrame.TryRead(confirm.AsSpan(0, length), ranges, out _, out _));
        byte[] reset = [0x30, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 2];
        for (var length = 0; length < reset.Length; length++)
            Assert.False(ResetPacket.TryRead(reset.AsSpan(0, length), out _));
        byte[] stream = [0x16, 1, 2, 3, 4, 7, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0, 0, 9];
        for (var length = 0; length < stream.Length; length++)
            Assert.False(StreamHeader.TryRead(stream.AsSpan(0, length), out _, out _));
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] copy = [.. bytes];
        copy[at] = value;
        return copy;
    }

    private static byte[] WriteStream(in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        var writer = new WireWriter(new byte[1_300]);
        header.Write(ref writer);
        Assert.True(writer.Length <= StreamHeader.MaxLength);
        writer.WriteBytes(payload);
        return writer.Written.ToArray();
    }

    private static byte[] WriteConfirm(in ConfirmFrame frame, ReadOnlySpan<SegmentRange> ranges)
    {
        var writer = new WireWriter(new byte[400]);
        frame.Write(ref writer, ranges);
        return writer.Written.ToArray();
    }
}
