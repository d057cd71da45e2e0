using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>Lies in transport packets: docs/wire-format.md, section 7.</summary>
internal static class TransportLies
{
    public static IEnumerable<Lie> All =>
    [
        new("gives credit for a million", liar => Confirms(liar, frame => frame with { Credit = ConfirmFrame.MaxSpan })) { Loaded = true },
        new("gives no credit", liar => Confirms(liar, frame => frame with { Credit = 0 })) { Loaded = true },
        new("gives and takes credit", liar =>
        {
            var turn = 0;
            Confirms(liar, frame => frame with { Credit = ++turn % 2 * 5_000 });
        }) { Loaded = true },
        new("confirms what was never sent", liar => Confirms(liar, frame => frame with { Next = frame.Next + 1_000 })) { Loaded = true },
        new("confirms backwards", liar => Confirms(liar, frame => frame with { Next = frame.Next / 2 })) { Loaded = true },
        new("confirms nothing", liar => liar.Alter = (_, packet) => packet[0] >> 4 is 2 or 6 ? null : packet) { Loaded = true },
        new("confirms holes", ConfirmHoles) { Loaded = true },
        new("marks all", liar => Confirms(liar, frame => frame with { Marked = true })) { Loaded = true },
        new("confirms any flow", Say: (liar, tick) => Say(liar, ServiceClass.Control, 20, i => Confirm((uint)((tick * 20) + i)))),
        new("confirms a flow again and again", Say: (liar, _) => Say(liar, ServiceClass.Control, 20, _ => Confirm(0))) { Loaded = true },
        new("resets any flow", Say: (liar, tick) => Say(liar, ServiceClass.Control, 20, i => Reset((uint)((tick * 20) + i), fromOrigin: false))),
        new("ends any flow", Say: (liar, tick) => Say(liar, ServiceClass.Control, 20, i => Reset((uint)((tick * 20) + i), fromOrigin: true))),
        new("reports that nothing comes", liar => Reports(liar, entry => entry with { Received = 0, Highest = entry.Highest })) { Loaded = true },
        new("reports more than was sent", liar => Reports(liar, entry => entry with { Received = (ushort)(entry.Received * 3) })) { Loaded = true },
        new("reports good and bad in turn", liar =>
        {
            var turn = 0;
            Reports(liar, entry => ++turn / 5 % 2 == 0 ? entry : entry with { Received = (ushort)(entry.Received / 2), Left = 0 });
        }) { Loaded = true },
        new("reports about any flow", Say: (liar, _) => Say(liar, ServiceClass.Control, 1, _ => Report(100))) { Loaded = true },
        new("opens flows", Say: (liar, tick) => Say(liar, ServiceClass.Signal, 20, i => Stream((uint)((tick * 20) + i), 0, opens: true))),
        new("sends what nobody opened", Say: (liar, tick) => Say(liar, ServiceClass.Signal, 20, i => Stream((uint)((tick * 20) + i), 5, opens: false))),
        new("sends far ahead", Say: (liar, tick) => Say(liar, ServiceClass.Signal, 20, i => Stream(1, (uint)((tick * 40) + (i * 2) + 1), opens: true))),
        new("begins long messages", Say: (liar, tick) => Say(liar, ServiceClass.Bulk, 20, i => Stream((uint)((tick * 20) + i), 0, opens: true, length: 1_000_000))),
        new("begins long Realtime messages", Say: (liar, tick) => Say(liar, ServiceClass.Realtime, 20, i => Fragment((uint)i, (uint)tick * 1_000))),
    ];

    public static byte[] Stream(uint flow, uint sequence, bool opens, int length = 0)
    {
        var writer = new WireWriter(new byte[64]);
        new StreamHeader
        {
            OriginEpoch = new(1),
            Flow = flow,
            DestinationEpoch = opens ? BootEpoch.None : new(1),
            Sequence = sequence,
            Part = new(Begins: true, Ends: length == 0, length),
        }.Write(ref writer);
        writer.WriteBytes([1]);
        return writer.Written.ToArray();
    }

    /// <summary>Of the last 64 segments it has every fourth.</summary>
    public static void ConfirmHoles(LyingNode liar) =>
        Confirms(liar, frame => frame with { Next = frame.Next - Math.Min(frame.Next, 64), Credit = 5_000 }, [.. Enumerable.Range(1, 15).Select(i => new SegmentRange((uint)i * 4, 1))]);

    private static byte[] Fragment(uint flow, uint sequence)
    {
        var writer = new WireWriter(new byte[64]);
        new RealtimeHeader { OriginEpoch = new(1), Flow = flow, Sequence = sequence, Index = 800, Count = 801 }.Write(ref writer);
        writer.WriteBytes([1]);
        return writer.Written.ToArray();
    }

    private static byte[] Confirm(uint flow)
    {
        var writer = new WireWriter(new byte[ConfirmFrame.MaxLength]);
        new ConfirmFrame { OriginEpoch = new(1), Flow = flow, DestinationEpoch = new(1), Next = 0, Credit = 10 }.Write(ref writer, []);
        return writer.Written.ToArray();
    }

    private static byte[] Reset(uint flow, bool fromOrigin)
    {
        var writer = new WireWriter(new byte[ResetPacket.MaxLength]);
        new ResetPacket { FromOrigin = fromOrigin, OriginEpoch = new(1), Flow = flow, DestinationEpoch = new(1), Reason = ResetReason.Unknown }.Write(ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Report(int entries)
    {
        var writer = new WireWriter(new byte[1_000]);
        new ReportPacket { ReporterEpoch = new(1), OriginEpoch = new(1) }.Write(ref writer);
        for (var i = 0u; i < entries; i++)
            ReportPacket.WriteEntry(ref writer, new ReportEntry(i, 0, (ushort)i, 7, 9, Strained: true, 11));
        return writer.Written.ToArray();
    }

    private static void Say(LyingNode liar, ServiceClass serviceClass, int count, Func<int, byte[]> make) =>
        liar.Member.SayPackets(
            serviceClass, [.. Enumerable.Range(0, count).Select(i => liar.Packet(serviceClass, make(i), [liar.Id, Lie.Victim]))]);

    private static void Confirms(LyingNode liar, Func<ConfirmFrame, ConfirmFrame> change, params SegmentRange[] holes) => liar.Alter = (_, packet) =>
    {
        var ranges = new SegmentRange[ConfirmFrame.MaxRanges];
        if (!ConfirmFrame.TryRead(packet, ranges, out var frame, out var count))
            return packet;
        var writer = new WireWriter(new byte[ConfirmFrame.MaxLength]);
        change(frame).Write(ref writer, holes.Length > 0 ? holes : ranges.AsSpan(0, count));
        return writer.Written.ToArray();
    };

    private static void Reports(LyingNode liar, Func<ReportEntry, ReportEntry> change) => liar.Alter = (_, packet) =>
    {
        var entries = new ReportEntry[ReportPacket.MaxEntries];
        if (!ReportPacket.TryRead(packet, entries, out var report, out var count))
            return packet;
        var writer = new WireWriter(new byte[1_200]);
        report.Write(ref writer);
        foreach (var entry in entries.AsSpan(0, count))
            ReportPacket.WriteEntry(ref writer, change(entry));
        return writer.Written.ToArray();
    };
}
