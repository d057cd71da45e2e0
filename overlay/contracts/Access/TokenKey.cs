using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Access;

/// <summary>A public key that tokens are verified with.</summary>
/// <param name="Id">What tokens call it: <c>kid</c>.</param>
/// <param name="Point">Its point on P-256.</param>
/// <param name="Spaces">The spaces that it may sign for; empty for all.</param>
public sealed record TokenKey(string Id, ECPoint Point, IReadOnlyList<string> Spaces)
{
    private const int CoordinateBytes = 32;

    public bool MaySign(string space) => Spaces.Count == 0 || Spaces.Contains(space, StringComparer.Ordinal);

    /// <summary>The same point, whatever else is said of it.</summary>
    public bool HasPointOf(TokenKey other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Point.X.AsSpan().SequenceEqual(other.Point.X) && Point.Y.AsSpan().SequenceEqual(other.Point.Y);
    }

    public bool Equals(TokenKey? other) => other is not null && Id == other.Id && HasPointOf(other) && Spaces.SequenceEqual(other.Spaces, StringComparer.Ordinal);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <summary>What names a key: text of some bytes that can be shown, and that a token's header has without an escape.</summary>
    public static bool IsId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length > 0 && Encoding.UTF8.GetByteCount(id) <= AccessLimits.MaxNameBytes && !id.Any(letter => char.IsControl(letter) || letter is '"' or '\\' or >= '\u2028' and <= '\u202e' || char.IsSurrogate(letter));
    }

    /// <summary>Whether a point that somebody wrote is one of P-256.</summary>
    public static bool IsOnCurve(byte[] x, byte[] y)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = x, Y = y } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The record that carries it: {1 X and Y, 2 spaces}.</summary>
    public AccessRecord ToRecord()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(128);
        var writer = new MessagePackWriter(bytes);
        writer.WriteMapHeader(Spaces.Count > 0 ? 2 : 1);
        writer.WriteInteger(1);
        writer.WriteBinary([.. Point.X!, .. Point.Y!]);
        if (Spaces.Count > 0)
        {
            writer.WriteInteger(2);
            writer.WriteArrayHeader(Spaces.Count);
            foreach (var space in Spaces)
                writer.WriteString(space);
        }

        return new(AccessKind.Key, Id, bytes.WrittenSpan.ToArray());
    }

    /// <summary>False for what is no key; a controller sends none such, a later one perhaps some of another kind.</summary>
    public static bool TryRead(AccessRecord record, [NotNullWhen(true)] out TokenKey? key)
    {
        ArgumentNullException.ThrowIfNull(record);
        key = null;
        var reader = new MessagePackReader(record.Body);
        ReadOnlySpan<byte> point = default;
        IReadOnlyList<string> spaces = [];
        if (record.Kind != AccessKind.Key || !IsId(record.Name) || !FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadBinary(out point) && point.Length == 2 * CoordinateBytes,
                2 => ControlFormat.TryReadList(ref reader, TryReadSpace, AccessLimits.MaxSpaces, out spaces) && spaces.Count > 0,
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(1 << 1) || !reader.IsAtEnd)
            return false;
        var (x, y) = (point[..CoordinateBytes].ToArray(), point[CoordinateBytes..].ToArray());
        if (!IsOnCurve(x, y))
            return false;
        key = new(record.Name, new() { X = x, Y = y }, spaces);
        return true;
    }

    private static bool TryReadSpace(ref MessagePackReader reader, out string space) => ControlFormat.TryReadText(ref reader, AccessLimits.MaxSpaceBytes, out space) && SpaceNames.IsOne(space);
}
