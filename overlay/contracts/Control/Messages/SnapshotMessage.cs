using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>
/// One piece of the whole membership at one version. Pieces are numbered from 0; the members ascend by number within a piece
/// and from piece to piece. What the node held before counts until the last piece is there.
/// </summary>
public sealed record SnapshotMessage(MembershipVersion Version, uint Piece, bool IsLast, IReadOnlyList<Member> Members) : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4);

    public override ControlKind Kind => ControlKind.Snapshot;

    /// <summary>Cuts members, which ascend by number, into pieces that each stay below <see cref="ControlLimits.MaxPiece"/>.</summary>
    public static IEnumerable<SnapshotMessage> Cut(MembershipVersion version, IReadOnlyList<Member> members)
    {
        var start = 0;
        for (uint piece = 0; start < members.Count || piece == 0; piece++)
        {
            var end = start;
            for (var size = ControlLimits.MaxMember; end < members.Count; end++)
            {
                size += members[end].Measure();
                if (size > ControlLimits.MaxPiece)
                    break;
            }

            yield return new(version, piece, end == members.Count, [.. members.Skip(start).Take(end - start)]);
            start = end;
        }
    }

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        MembershipVersion version = default;
        uint piece = 0;
        var isLast = false;
        IReadOnlyList<Member> members = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadVersion(ref reader, out version),
                2 => reader.TryReadUInt32(out piece),
                3 => reader.TryReadBoolean(out isLast),
                4 => ControlFormat.TryReadAscending<Member>(ref reader, (ref source, out member) => Member.TryRead(ref source, out member!), 1, member => member.Number.Value, out members),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new SnapshotMessage(version, piece, isLast, members);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(4);
        writer.WriteInteger(1);
        ControlFormat.WriteVersion(ref writer, Version);
        writer.WriteField(2, Piece);
        writer.WriteInteger(3);
        writer.WriteBoolean(IsLast);
        writer.WriteInteger(4);
        writer.WriteArrayHeader(Members.Count);
        foreach (var member in Members)
            member.Write(ref writer);
    }
}
