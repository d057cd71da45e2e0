using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>A REPORT packet: how an origin's Realtime packets arrive. docs/wire-format.md, section 7.7.</summary>
/// <remarks><code>
/// +------+--------------------+------------------+ - - - - - - - +
/// | 0x70 | reporter epoch (4) | origin epoch (4) | entries       |
/// +------+--------------------+------------------+ - - - - - - - +
///  entry           m m m m m S T T     m: marks, S: strained, T: token
/// +-------------+-----------------+--------------+---------------+-----------+
/// | flow varint | marks, token (1)| highest  (2) | received  (2) | left  (2) |
/// +-------------+-----------------+--------------+---------------+-----------+
/// </code></remarks>
internal readonly record struct ReportPacket(BootEpoch ReporterEpoch, BootEpoch OriginEpoch)
{
    public const int MaxEntries = 128;
    public const int AllMarked = 31;
    public const int MaxEntryLength = 8 + 1 + 2 + 2 + 2;

    private const byte Type = 0x70;
    private const int MarksShift = 3;
    private const byte StrainBit = 0x04;

    /// <summary>What the time left on arrival is counted in.</summary>
    public static readonly Duration LeftUnit = Duration.FromMicroseconds(200);

    /// <summary>Reads into <paramref name="entries"/>, which has room for <see cref="MaxEntries"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, Span<ReportEntry> entries, out ReportPacket report, out int count)
    {
        report = default;
        count = 0;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || type != Type)
            return false;
        if (!reader.TryReadUInt32(out var reporter) || reporter == 0 || !reader.TryReadUInt32(out var origin) || origin == 0)
            return false;
        do
        {
            if (count == MaxEntries || !TryReadEntry(ref reader, out entries[count]))
                return false;
            count++;
        }
        while (!reader.IsAtEnd);
        report = new ReportPacket(new BootEpoch(reporter), new BootEpoch(origin));
        return true;
    }

    /// <summary>Writes the head; entries follow by <see cref="WriteEntry"/>.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteByte(Type);
        writer.WriteUInt32(ReporterEpoch.Value);
        writer.WriteUInt32(OriginEpoch.Value);
    }

    public static void WriteEntry(ref WireWriter writer, in ReportEntry entry)
    {
        writer.WriteVarInt(entry.Flow);
        writer.WriteByte((byte)((entry.Marks << MarksShift) | (entry.Strained ? StrainBit : 0) | entry.Token));
        writer.WriteUInt16(entry.Highest);
        writer.WriteUInt16(entry.Received);
        writer.WriteUInt16(entry.Left);
    }

    private static bool TryReadEntry(ref WireReader reader, out ReportEntry entry)
    {
        entry = default;
        if (!reader.TryReadVarInt(out var flow) || flow > uint.MaxValue || !reader.TryReadByte(out var marks))
            return false;
        if (!reader.TryReadUInt16(out var highest) || !reader.TryReadUInt16(out var received) || !reader.TryReadUInt16(out var left))
            return false;
        entry = new ReportEntry((uint)flow, marks & (WireLimits.MaxRoutes - 1), highest, received, (byte)(marks >> MarksShift), (marks & StrainBit) != 0, left);
        return true;
    }
}
