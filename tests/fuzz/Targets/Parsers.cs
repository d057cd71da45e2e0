using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>Every parser of overlay/protocol/Wire, each with what must hold of whatever it takes.</summary>
internal static class Parsers
{
    public static IReadOnlyList<ParserTarget> All { get; } =
    [
        new("sealed-header", SealedHeaderOf, () => [("ping", [0x41, 1, 2, 3, 4, 5, 6, 7, 8, .. new byte[17]])]),
        new("varints", VarInts, () => [("all-lengths", [0x3F, 0x7F, 0xFF, 0xBF, 0xFF, 0xFF, 0xFF, 0xC0, 0, 0, 0, 0, 0, 0, 1])]),
        new("data-frame", DataFrameOf, () => Traffic.Frames().Where(f => f.Bytes[0] is >= FrameType.FirstData and <= FrameType.LastData)),
        new("repair-frame", RepairFrameOf, Traffic.Repairs),
        new("ack-frame", AckFrameOf, () => Traffic.Frames().Where(f => f.Bytes[0] == FrameType.Ack).Select(f => (f.Name, (byte[])[0, 0, 1, 0, .. f.Bytes[1..]]))),
        new("life-frame", LifeFrameOf, () => [("fast", [1, 0, 50, 0, 25, 0x0D, 0, 9]), ("bounds", [0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0])]),
        new("path-header", PathHeaderOf, Traffic.PathPackets),
        new("client-packet", ClientPacketOf, () => [("signal", [2, 0x8C, 0x31, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1]), ("realtime", [1, 0x9C, 0, 1, 0x86, 0xA0, 0x40, 0, 0, 0, 1, 2, 0, 0, 0, 9, 7])]),
        new("multicast-header", MulticastHeaderOf, Traffic.MulticastPackets),
        new("stream-header", StreamHeaderOf, () => Traffic.TransportPackets().Where(p => p.Bytes[0] >> 4 == 1)),
        new("confirm-frame", ConfirmFrameOf, () => Traffic.TransportPackets().Where(p => p.Bytes[0] >> 4 == 2)),
        new("reset-packet", ResetPacketOf, () => Traffic.TransportPackets().Where(p => p.Bytes[0] >> 4 == 3)),
        new("multicast-segment", MulticastSegmentOf, MulticastTraffic.Segments),
        new("multicast-confirm", MulticastConfirmOf, () => MulticastTraffic.Packets().Where(p => p.Bytes[0] >> 4 == 6)),
        new("realtime-header", RealtimeHeaderOf, () => Traffic.TransportPackets().Where(p => p.Bytes[0] >> 4 == 4)),
        new("report-packet", ReportPacketOf, () => Traffic.TransportPackets().Where(p => p.Bytes[0] >> 4 == 7)),
        new("sealed-packet", SealedPacketOf, () => [("empty", [0x80, 0, 0, 9, 0, 0, 0, 1, .. new byte[16]]), ("some", [0x80, 1, 2, 3, 4, 5, 6, 7, .. new byte[60]])]),
        new("sealing-message", SealingMessageOf, () => [("initiation", [0x81, 0, 0, 0, 7, .. new byte[290]]), ("response", [0x82, 0, 0, 0, 7, .. new byte[204]])]),
    ];

    private static bool SealedHeaderOf(byte[] input)
    {
        if (!SealedHeader.TryRead(input, out var header))
            return false;
        Span<byte> again = stackalloc byte[SealedHeader.Length];
        SealedHeader.Write(again, header.Phase, header.Receiver, header.PacketNumber);
        FuzzTarget.Require(input.AsSpan().StartsWith(again), "The header is not what it was read from.");
        return true;
    }

    private static bool VarInts(byte[] input)
    {
        var reader = new WireReader(input);
        Span<byte> again = stackalloc byte[8];
        while (reader.TryReadVarInt(out var value))
        {
            FuzzTarget.Require(value <= WireWriter.MaxVarInt, "The varint is too large.");
            var writer = new WireWriter(again);
            writer.WriteVarInt(value);
            var second = new WireReader(writer.Written);
            FuzzTarget.Require(second.TryReadVarInt(out var same) && same == value && second.IsAtEnd, "The varint does not come back.");
        }

        var rest = reader.Remaining;
        FuzzTarget.Require(!reader.TryReadSignedVarInt(out _) && reader.Remaining == rest, "A failed read moved the reader.");
        return rest == 0;
    }

    private static bool DataFrameOf(byte[] input)
    {
        var reader = new WireReader(input);
        if (!reader.TryReadByte(out var type) || !DataFrame.TryRead((byte)(FrameType.FirstData | (type & 0x0F)), ref reader, out var frame))
            return false;
        FuzzTarget.Require(frame.Content.Length is > 0 and <= WireLimits.MaxPathPacket && frame.Piece is >= -1 and <= 1, "The frame is out of bounds.");
        var withLength = (type & 8) != 0;
        Span<byte> again = stackalloc byte[input.Length];
        var writer = new WireWriter(again);
        DataFrame.Write(ref writer, frame.Class, frame.Symbol, frame.Piece, withLength, frame.Content);
        FuzzTarget.Require(writer.Length == input.Length - reader.Remaining, "The frame has another length when written.");
        FuzzTarget.Require(writer.Written[1..].SequenceEqual(input.AsSpan(1, writer.Length - 1)), "The frame is not what it was read from.");
        return true;
    }

    private static bool RepairFrameOf(byte[] input)
    {
        if (input.Length == 0)
            return false;
        var reader = new WireReader(input.AsSpan(1));
        if (!RepairFrame.TryRead(input[0], ref reader, out var frame))
            return false;
        FuzzTarget.Require(frame.Count is >= WireLimits.MinRepairSymbols and <= WireLimits.MaxRepairSymbols, "The repair covers too few or too many.");
        FuzzTarget.Require(frame.Vector.Length is > RepairFrame.VectorHead and <= RepairFrame.VectorHead + WireLimits.MaxPathPacket, "The vector is out of bounds.");
        Span<ulong> symbols = stackalloc ulong[WireLimits.MaxRepairSymbols];
        var count = 0;
        for (var walk = frame.Symbols(frame.First); walk.TryNext(out var symbol);)
            symbols[count++] = symbol;
        symbols = symbols[..count];
        FuzzTarget.Require(count == frame.Count && symbols[0] == frame.First && symbols[^1] - symbols[0] == (ulong)frame.Extent, "The walk is not what was counted.");
        Span<byte> again = stackalloc byte[WireLimits.FullDatagram];
        var writer = new WireWriter(again);
        var head = RepairFrame.MeasureHead(symbols);
        RepairFrame.WriteHead(ref writer, frame.Class, frame.Row, symbols);
        FuzzTarget.Require(writer.Length == head && head <= input.Length - frame.Vector.Length, "The head is longer than it was.");
        writer.WriteBytes(frame.Vector);
        var written = new WireReader(writer.Written[1..]);
        FuzzTarget.Require(RepairFrame.TryRead(again[0], ref written, out var same) && same.Count == count && same.Extent == frame.Extent && same.Vector.SequenceEqual(frame.Vector), "The frame does not come back.");
        return true;
    }

    private static bool LifeFrameOf(byte[] input)
    {
        var reader = new WireReader(input);
        if (!LifeFrame.TryRead(ref reader, out var life))
            return false;
        FuzzTarget.Require(life.Promise >= LifeFrame.ShortestPromise && life.Promise <= LifeFrame.Longest, "The promise is out of bounds.");
        FuzzTarget.Require(life.Wish >= LifeFrame.ShortestWish && life.Wish <= LifeFrame.Longest, "The wish is out of bounds.");
        FuzzTarget.Require(life.Loss is >= 0 and <= 1 && life.Burst is >= 1 and < 32, "The loss is out of bounds.");
        Span<byte> again = stackalloc byte[LifeFrame.Length];
        var writer = new WireWriter(again);
        life.Write(ref writer);
        var second = new WireReader(writer.Written[1..]);
        FuzzTarget.Require(LifeFrame.TryRead(ref second, out var same) && same == life, "The frame does not come back.");
        return true;
    }

    private static bool AckFrameOf(byte[] input)
    {
        var reader = new WireReader(input);
        if (!reader.TryReadUInt32(out var next) || !AckFrame.TryRead(ref reader, next, out var ack))
            return false;
        FuzzTarget.Require(ack.Largest < next && ack.Delay >= Duration.Zero, "The largest was never sent.");
        var ranges = ack.Ranges();
        var above = ack.Largest + 2;
        var count = 0;
        while (ranges.MoveNext())
        {
            FuzzTarget.Require(ranges.Low <= ranges.High && ranges.High + 1 < above, "The ranges do not go down.");
            FuzzTarget.Require(++count <= AckFrame.MaxRanges + 1, "There are too many ranges.");
            above = ranges.Low;
        }

        var times = ack.Times();
        for (count = 0; times.TryNext(out _); count++)
            FuzzTarget.Require(count < AckFrame.MaxTimes, "There are too many times.");
        var walk = new AckWalk(ack);
        var last = ack.Largest + 1;
        while (walk.TryNext(ack.Largest < 5_000 ? 0 : ack.Largest - 5_000, out var number))
        {
            FuzzTarget.Require(number < last, "The walk does not go down.");
            last = number;
            walk.TryGetSpacing(MonoTime.FromSeconds(number), out _, out _);
        }

        return true;
    }

    private static bool PathHeaderOf(byte[] input)
    {
        if (input.Length == 0 || !PathHeader.TryRead(input.AsSpan(1), (ServiceClass)(input[0] & 3), out var header))
            return false;
        FuzzTarget.Require(header.NodeCount is >= 2 and <= WireLimits.MaxRouteNodes, "The route has no length that one can have.");
        FuzzTarget.Require(header.Place >= 1 && header.Place < header.NodeCount, "The place is not in the route.");
        FuzzTarget.Require(header.Length + header.Payload.Length == input.Length - 1 && header.Length <= WireLimits.MaxPathHeader, "The lengths do not add up.");
        for (var i = 0; i < header.NodeCount; i++)
            FuzzTarget.Require(!header.Node(i).IsNone && (i == 0 || header.Node(i) != header.Origin), "A node is none, or twice.");
        for (var i = 0; i < header.FailedCount; i++)
            _ = header.FailedLink(i);
        _ = header.Deadline;
        return true;
    }

    private static bool ClientPacketOf(byte[] input)
    {
        if (input.Length == 0 || !ClientPacket.TryRead(input.AsSpan(1), (ServiceClass)(input[0] & 3), out var packet))
            return false;
        var header = ClientPacket.HeaderOf((ServiceClass)(input[0] & 3));
        FuzzTarget.Require(header + packet.Payload.Length == input.Length - 1 && !packet.Payload.IsEmpty, "The lengths do not add up.");
        Span<byte> again = stackalloc byte[ClientPacket.MaxHeader];
        ClientPacket.Write(again, (ServiceClass)(input[0] & 3), packet.Priority, packet.Deadline);
        FuzzTarget.Require(input.AsSpan(1).StartsWith(again[..header]), "The head is not what it was read from.");
        return true;
    }

    private static bool MulticastHeaderOf(byte[] input)
    {
        if (input.Length == 0 || !MulticastHeader.TryRead(input.AsSpan(1), (ServiceClass)(input[0] & 3), out var header))
            return false;
        FuzzTarget.Require(header.DestinationCount is >= 1 and <= 256 && !header.Origin.IsNone, "Nobody is addressed, or by nobody.");
        FuzzTarget.Require(header.Length + header.Payload.Length == input.Length - 1, "The lengths do not add up.");
        var count = 0;
        for (var edge = 0; edge < 65_536; edge += 1 + (edge / 256 == header.Set ? 0 : 255))
            count += header.Contains(edge) ? 1 : 0;
        FuzzTarget.Require(count == header.DestinationCount, "Not every destination is found again.");
        return true;
    }

    private static bool StreamHeaderOf(byte[] input)
    {
        if (!StreamHeader.TryRead(input, out var header, out var payload))
            return false;
        FuzzTarget.Require(payload.Length <= WireLimits.MaxSegment && header.Part.MessageLength <= WireLimits.MaxMessage, "The segment is too long.");
        Span<byte> again = stackalloc byte[StreamHeader.MaxLength + WireLimits.MaxSegment];
        var writer = new WireWriter(again);
        header.Write(ref writer);
        writer.WriteBytes(payload);
        FuzzTarget.Require(StreamHeader.TryRead(writer.Written, out var same, out _) && same == header, "The header does not come back.");
        return true;
    }

    private static bool ConfirmFrameOf(byte[] input)
    {
        Span<SegmentRange> ranges = stackalloc SegmentRange[ConfirmFrame.MaxRanges];
        if (!ConfirmFrame.TryRead(input, ranges, out var frame, out var count))
            return false;
        FuzzTarget.Require(count <= ConfirmFrame.MaxRanges && frame.Credit is >= 0 and <= ConfirmFrame.MaxSpan, "The frame is out of bounds.");
        Span<byte> again = stackalloc byte[ConfirmFrame.MaxLength];
        var writer = new WireWriter(again);
        frame.Write(ref writer, ranges[..count]);
        Span<SegmentRange> second = stackalloc SegmentRange[ConfirmFrame.MaxRanges];
        FuzzTarget.Require(ConfirmFrame.TryRead(writer.Written, second, out var same, out var sameCount) && same == frame, "The frame does not come back.");
        FuzzTarget.Require(second[..sameCount].SequenceEqual(ranges[..count]), "The ranges do not come back.");
        return true;
    }

    private static bool ResetPacketOf(byte[] input)
    {
        if (!ResetPacket.TryRead(input, out var reset))
            return false;
        Span<byte> again = stackalloc byte[ResetPacket.MaxLength];
        var writer = new WireWriter(again);
        reset.Write(ref writer);
        FuzzTarget.Require(ResetPacket.TryRead(writer.Written, out var same) && same == reset, "The packet does not come back.");
        return true;
    }

    private static bool ReportPacketOf(byte[] input)
    {
        Span<ReportEntry> entries = stackalloc ReportEntry[ReportPacket.MaxEntries];
        if (!ReportPacket.TryRead(input, entries, out var report, out var count))
            return false;
        FuzzTarget.Require(count is > 0 and <= ReportPacket.MaxEntries, "The report has no entries, or too many.");
        Span<byte> again = stackalloc byte[16 + (ReportPacket.MaxEntries * ReportPacket.MaxEntryLength)];
        var writer = new WireWriter(again);
        report.Write(ref writer);
        foreach (var entry in entries[..count])
        {
            FuzzTarget.Require(entry.Token is >= 0 and < WireLimits.MaxRoutes && entry.Marks <= ReportPacket.AllMarked, "The entry is out of bounds.");
            ReportPacket.WriteEntry(ref writer, entry);
        }

        Span<ReportEntry> second = stackalloc ReportEntry[ReportPacket.MaxEntries];
        FuzzTarget.Require(ReportPacket.TryRead(writer.Written, second, out var same, out var sameCount) && same == report, "The packet does not come back.");
        FuzzTarget.Require(second[..sameCount].SequenceEqual(entries[..count]), "The entries do not come back.");
        return true;
    }

    /// <summary>The edge that reads, then a packet.</summary>
    private static bool MulticastSegmentOf(byte[] input)
    {
        if (input.Length == 0 || !MulticastSegmentHeader.TryRead(input.AsSpan(1), input[0], out var header, out var payload))
            return false;
        FuzzTarget.Require(payload.Length <= WireLimits.MaxSegment && header.Part.MessageLength <= WireLimits.MaxMessage, "The segment is too long.");
        FuzzTarget.Require(header.Prior <= header.Sequence && (header.Part.Begins || !header.MayOpen), "The prior is none that a segment can have.");
        Span<byte> again = stackalloc byte[MulticastSegmentHeader.MaxLength + 10 + WireLimits.MaxSegment];
        var writer = new WireWriter(again);
        header.Write(ref writer);
        if (header.Part.Begins)
            writer.WriteVarInt(MulticastSegmentHeader.ReachOf(header.Sequence, header.Prior, header.MayOpen));
        if (header.Part.Begins && !header.IsDirect)
            writer.WriteByte(0);
        writer.WriteBytes(payload);
        FuzzTarget.Require(MulticastSegmentHeader.TryRead(writer.Written, input[0], out var same, out _) && same == header, "The header does not come back.");
        return true;
    }

    private static bool MulticastConfirmOf(byte[] input)
    {
        var reader = new WireReader(input);
        if (!MulticastConfirmEntry.TryReadHead(ref reader, out var destination, out var origin))
            return false;
        FuzzTarget.Require(destination.Value > 0 && origin.Value > 0, "A life is none.");
        Span<SequenceRange> ranges = stackalloc SequenceRange[MulticastConfirmEntry.MaxRanges];
        Span<SequenceRange> second = stackalloc SequenceRange[MulticastConfirmEntry.MaxRanges];
        Span<byte> again = stackalloc byte[MulticastConfirmEntry.MaxLength];
        while (MulticastConfirmEntry.TryRead(ref reader, ranges, out var entry, out var count))
        {
            var end = entry.Next;
            foreach (var range in ranges[..count])
            {
                FuzzTarget.Require(range.First > end && range.End > range.First, "The ranges do not ascend.");
                end = range.End;
            }

            var writer = new WireWriter(again);
            entry.Write(ref writer, ranges[..count]);
            var copy = new WireReader(writer.Written);
            FuzzTarget.Require(MulticastConfirmEntry.TryRead(ref copy, second, out var same, out var sameCount) && same == entry && copy.IsAtEnd, "The entry does not come back.");
            FuzzTarget.Require(second[..sameCount].SequenceEqual(ranges[..count]), "The ranges do not come back.");
        }

        return reader.IsAtEnd;
    }

    private static bool SealedPacketOf(byte[] input)
    {
        if (!SealedPacket.TryRead(input, out var read))
            return false;
        FuzzTarget.Require(read.Session is > 0 and < SealedPacket.SessionEnd, "The session is none.");
        FuzzTarget.Require(read.Header.Length + read.Body.Length == input.Length && read.Body.Length >= SealedPacket.TagLength, "The packet is out of bounds.");
        Span<byte> again = stackalloc byte[SealedPacket.HeaderLength];
        SealedPacket.WriteHeader(again, read.Session, read.Number);
        FuzzTarget.Require(input.AsSpan().StartsWith(again), "The header is not what it was read from.");
        return true;
    }

    private static bool SealingMessageOf(byte[] input)
    {
        if (!SealingMessage.TryRead(input, out var message))
            return false;
        FuzzTarget.Require(message.Handshake.Length is > 0 and <= SealingMessage.MaxHandshake && message.Mac.Length == SealingMessage.MacLength, "The message is out of bounds.");
        Span<byte> again = stackalloc byte[SealingMessage.HeaderLength];
        SealingMessage.WriteHeader(again, message.IsInitiation ? SealingMessage.Initiation : SealingMessage.Response, message.Epoch, message.Counter);
        FuzzTarget.Require(input.AsSpan().StartsWith(again), "The header is not what it was read from.");
        return true;
    }

    private static bool RealtimeHeaderOf(byte[] input)
    {
        if (!RealtimeHeader.TryRead(input, out var header, out var payload))
            return false;
        FuzzTarget.Require(header.Index < header.Count && payload.Length <= (header.Count > 1 ? WireLimits.MaxSegment : WireLimits.MaxWholeRealtime), "The fragment is out of bounds.");
        FuzzTarget.Require((header.Index * WireLimits.MaxSegment) + payload.Length <= WireLimits.MaxMessage, "The fragment reaches beyond a message.");
        Span<byte> again = stackalloc byte[RealtimeHeader.MaxLength + WireLimits.MaxWholeRealtime];
        var writer = new WireWriter(again);
        header.Write(ref writer);
        writer.WriteBytes(payload);
        FuzzTarget.Require(RealtimeHeader.TryRead(writer.Written, out var same, out _) && same == header, "The header does not come back.");
        return true;
    }
}
