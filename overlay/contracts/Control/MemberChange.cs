using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>
/// One step of a membership: a member as it is from now on, or that a number is no member any more. It says all that there
/// is to know of the member, so of two changes of one member the later alone is enough.
/// </summary>
public readonly record struct MemberChange
{
    private MemberChange(MemberChangeKind kind, NodeId number, Member? member)
    {
        Kind = kind;
        Number = number;
        Member = member;
    }

    public MemberChangeKind Kind { get; }

    public NodeId Number { get; }

    /// <summary>Null where the change is an end.</summary>
    public Member? Member { get; }

    public static bool IsEnd(MemberChangeKind kind) => kind is MemberChangeKind.Revoked or MemberChangeKind.Removed;

    public static MemberChange Put(MemberChangeKind kind, Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return IsEnd(kind) ? throw new ArgumentException($"A member that is {kind} is not put.", nameof(kind)) : new(kind, member.Number, member);
    }

    public static MemberChange End(MemberChangeKind kind, NodeId number) =>
        IsEnd(kind) ? new(kind, number, null) : throw new ArgumentException($"{kind} is no end.", nameof(kind));

    /// <summary>Reads [kind, member], or [kind, number] of an end; what follows in the array is skipped.</summary>
    internal static bool TryRead(ref MessagePackReader reader, out MemberChange change)
    {
        change = default;
        if (!reader.TryReadArrayHeader(out var count) || count < 2 || !reader.TryReadByte(out var code))
            return false;
        var kind = (MemberChangeKind)code;
        if (kind is < MemberChangeKind.Joined or > MemberChangeKind.Removed)
            return false;
        if (IsEnd(kind))
        {
            if (!ControlFormat.TryReadNode(ref reader, out var number))
                return false;
            change = new(kind, number, null);
        }
        else
        {
            if (!Member.TryRead(ref reader, out var member))
                return false;
            change = new(kind, member.Number, member);
        }

        return reader.TrySkip(count - 2);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInteger((long)Kind);
        if (Member is null)
            writer.WriteInteger((ulong)Number.Value);
        else
            Member.Write(ref writer);
    }

    /// <summary>The bytes of this change, for a store and for the hash that makes a version's mark.</summary>
    public byte[] ToArray()
    {
        Span<byte> room = stackalloc byte[ControlLimits.MaxMember + 8];
        var writer = new MessagePackWriter(room);
        Write(ref writer);
        return room[..(int)writer.BytesWritten].ToArray();
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote. False for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MemberChange change)
    {
        var reader = new MessagePackReader(bytes);
        return TryRead(ref reader, out change) && reader.IsAtEnd;
    }
}
