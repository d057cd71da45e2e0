using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using WeCan.Contracts.Control;

namespace WeCan.Contracts.Inspection;

/// <summary>
/// What lets a program ask a controller: one line, shown once to who made it.
/// <code>
/// "wecanapi1." + base 32 of
///  0         8            24           30
/// +---------+------------+------------+
/// | id   (8)| secret (16)| check   (6)|
/// +---------+------------+------------+
/// check = first 6 bytes of SHA-256("wecanapi1." followed by the 24 bytes before)
/// </code>
/// The controller keeps a hash of the secret. The check tells a token that was cut or mistyped from a wrong one.
/// </summary>
public sealed record ApiToken(ulong Id, TokenSecret Secret)
{
    private const string Prefix = "wecanapi1.";
    private const int CheckAt = 8 + TokenSecret.Bytes;
    private const int AllBytes = CheckAt + 6;

    /// <summary>A new one, which nobody else has.</summary>
    public static ApiToken Draw()
    {
        var random = RandomNumberGenerator.GetBytes(CheckAt);
        return new(BinaryPrimitives.ReadUInt64BigEndian(random), new(BinaryPrimitives.ReadUInt128BigEndian(random.AsSpan(8))));
    }

    public static string IdText(ulong id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a token as somebody sent it; false for whatever is none, whole and as it was written.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out ApiToken? token)
    {
        token = null;
        text = text.Trim();
        if (text.Length != Prefix.Length + Base32.Length(AllBytes) || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        Span<byte> bytes = stackalloc byte[AllBytes];
        if (!Base32.TryDecode(text[Prefix.Length..], bytes, out _) || !bytes[CheckAt..].SequenceEqual(Check(bytes[..CheckAt])))
            return false;
        token = new(BinaryPrimitives.ReadUInt64BigEndian(bytes), new(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..])));
        return true;
    }

    /// <summary>The line itself.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Id);
        Secret.Write(bytes[8..]);
        Check(bytes[..CheckAt]).CopyTo(bytes[CheckAt..]);
        return Prefix + Base32.Encode(bytes);
    }

    /// <summary>Names the token without letting anybody in.</summary>
    public override string ToString() => $"API token {IdText(Id)}";

    private static byte[] Check(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. "wecanapi1."u8, .. bytes];
        return SHA256.HashData(all)[..(AllBytes - CheckAt)];
    }
}
