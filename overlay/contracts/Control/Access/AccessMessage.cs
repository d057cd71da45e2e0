using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Access;

/// <summary>
/// One piece of what an edge is to know of the access to the bus: of all of it, or, with <see cref="From"/>, of what has changed since that
/// version. Pieces are numbered from 0, and records ascend within a piece and from piece to piece. What the edge held before counts until the
/// last is there.
/// </summary>
public sealed record AccessMessage(AccessVersion? From, AccessVersion Version, uint Piece, bool IsLast, IReadOnlyList<AccessRecord> Records) : ControlMessage
{
    private const int FromField = 1;
    private const ulong Required = (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5);

    /// <summary>The shortest record in bytes: [kind, name].</summary>
    private const int LeastRecord = 4;

    public override ControlKind Kind => ControlKind.Access;

    /// <summary>Cuts records, which ascend, into pieces that each stay below <see cref="ControlLimits.MaxPiece"/>.</summary>
    public static IEnumerable<AccessMessage> Cut(AccessVersion? from, AccessVersion version, IEnumerable<AccessRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        uint piece = 0;
        var held = new List<AccessRecord>();
        var size = 0;
        foreach (var record in records)
        {
            if (held.Count > 0 && size + record.Measure() > ControlLimits.MaxPiece - 128)
            {
                yield return new(from, version, piece++, IsLast: false, held);
                (held, size) = ([], 0);
            }

            held.Add(record);
            size += record.Measure();
        }

        yield return new(from, version, piece, IsLast: true, held);
    }

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        AccessVersion from = default, version = default;
        uint piece = 0;
        var isLast = false;
        IReadOnlyList<AccessRecord> records = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                FromField => ControlFormat.TryReadVersion(ref reader, out from),
                2 => ControlFormat.TryReadVersion(ref reader, out version),
                3 => reader.TryReadUInt32(out piece),
                4 => reader.TryReadBoolean(out isLast),
                5 => ControlFormat.TryReadList(ref reader, AccessRecord.TryRead, int.MaxValue, LeastRecord, out records) && Ascend(records),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new AccessMessage(walk.Has(FromField) ? from : null, version, piece, isLast, records);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(From is null ? 4 : 5);
        if (From is { } from)
        {
            writer.WriteInteger(FromField);
            ControlFormat.WriteVersion(ref writer, from);
        }

        writer.WriteInteger(2);
        ControlFormat.WriteVersion(ref writer, Version);
        writer.WriteField(3, Piece);
        writer.WriteInteger(4);
        writer.WriteBoolean(IsLast);
        writer.WriteInteger(5);
        writer.WriteArrayHeader(Records.Count);
        foreach (var record in Records)
            record.Write(ref writer);
    }

    private static bool Ascend(IReadOnlyList<AccessRecord> records)
    {
        for (var i = 1; i < records.Count; i++)
        {
            if (AccessRecord.ByName.Compare(records[i - 1], records[i]) >= 0)
                return false;
        }

        return true;
    }
}
