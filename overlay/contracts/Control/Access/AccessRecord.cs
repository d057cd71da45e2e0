using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Access;

/// <summary>
/// One thing that edges are to know of the access to the bus, named within its kind. A record without a body takes back what was
/// said under its name. Who carries and keeps records does not need to know what a body says.
/// </summary>
public sealed record AccessRecord(AccessKind Kind, string Name, byte[] Body)
{
    public bool IsGone => Body.Length == 0;

    /// <summary>One hash of all that it says; 0 of what is gone. The first eight bytes of SHA-256 over kind (1), the name's length (2), the name, the body.</summary>
    public ulong Mark
    {
        get
        {
            if (IsGone)
                return 0;
            var name = Encoding.UTF8.GetBytes(Name);
            Span<byte> head = stackalloc byte[3];
            head[0] = (byte)Kind;
            BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)name.Length);
            return BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData([.. head, .. name, .. Body]));
        }
    }

    /// <summary>What it takes when it is written, and a little more.</summary>
    public int Measure() => Encoding.UTF8.GetByteCount(Name) + Body.Length + 12;

    public bool Equals(AccessRecord? other) => other is not null && Kind == other.Kind && Name == other.Name && Body.AsSpan().SequenceEqual(other.Body);

    public override int GetHashCode() => HashCode.Combine(Kind, Name);

    /// <summary>By kind, then by the name's letters.</summary>
    public static Comparer<(AccessKind Kind, string Name)> Order { get; } = Comparer<(AccessKind Kind, string Name)>.Create(Compare);

    /// <summary>The same; what a record says does not count.</summary>
    public static Comparer<AccessRecord> ByName { get; } = Comparer<AccessRecord>.Create((left, right) => Compare((left.Kind, left.Name), (right.Kind, right.Name)));

    private static int Compare((AccessKind Kind, string Name) left, (AccessKind Kind, string Name) right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Name, right.Name);

    /// <summary>Reads [kind, name, body], or [kind, name] of what is gone.</summary>
    internal static bool TryRead(ref MessagePackReader reader, out AccessRecord record)
    {
        record = null!;
        if (!reader.TryReadArrayHeader(out var count) || count < 2 || !reader.TryReadByte(out var kind) || kind == 0
            || !reader.TryReadStringBytes(out var name) || name.Length is 0 or > ControlLimits.MaxAccessName || !Utf8.IsValid(name))
        {
            return false;
        }

        ReadOnlySpan<byte> body = default;
        if (count > 2 && (!reader.TryReadBinary(out body) || body.Length is 0 or > ControlLimits.MaxAccessBody))
            return false;
        record = new((AccessKind)kind, Encoding.UTF8.GetString(name), body.ToArray());
        return count <= 3 || reader.TrySkip(count - 3);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(IsGone ? 2 : 3);
        writer.WriteInteger((long)Kind);
        writer.WriteString(Name);
        if (!IsGone)
            writer.WriteBinary(Body);
    }
}
