using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WeCan.Contracts.Control;

/// <summary>
/// What lets a node into the network, once: one line that an operator copies from the controller to the node.
/// <code>
/// "wecan1." + base 32 of
///  0         8            24                          56           60
/// +---------+------------+---------------------------+------------+
/// | id   (8)| secret (16)| authority's fingerprint(32)| check   (4)|
/// +---------+------------+---------------------------+------------+
/// check = first 4 bytes of SHA-256("wecan1." followed by the 56 bytes before)
/// </code>
/// The id names the token to the controller, which keeps a hash of the secret only. By the fingerprint the node knows the
/// right controller before it knows anything else. The check tells a token that was cut or mistyped from a wrong one.
/// </summary>
public sealed record EnrolmentToken
{
    public const int SecretBytes = TokenSecret.Bytes;

    private const string Prefix = "wecan1.";
    private const string Family = "wecan";
    private const int SecretAt = 8;
    private const int FingerprintAt = SecretAt + SecretBytes;
    private const int CheckAt = FingerprintAt + Control.Fingerprint.Bytes;
    private const int AllBytes = CheckAt + 4;

    public EnrolmentToken(ulong id, ReadOnlySpan<byte> secret, Fingerprint authority)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretBytes);
        Id = id;
        Authority = authority;
        Secret = new(BinaryPrimitives.ReadUInt128BigEndian(secret));
    }

    public ulong Id { get; }

    /// <summary>The authority's certificate, in which every certificate of the network ends.</summary>
    public Fingerprint Authority { get; }

    public TokenSecret Secret { get; }

    public static string IdText(ulong id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a token as somebody pasted it. Where it is none, <paramref name="problem"/> says what to do.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentToken? token, [NotNullWhen(false)] out string? problem)
    {
        token = null;
        var trimmed = (text ?? "").AsSpan().Trim().Trim("\"'");
        problem = Judge(trimmed);
        if (problem is not null)
            return false;
        Span<byte> bytes = stackalloc byte[AllBytes];
        if (!Base32.TryDecode(trimmed[Prefix.Length..], bytes, out var wrongAt))
        {
            problem = $"The token has a letter at place {Prefix.Length + wrongAt + 1} that no token has: copy it again as one line from \"wecan-controller token create\".";
            return false;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[CheckAt..]) != Check(bytes[..CheckAt]))
        {
            problem = "The token is mistyped or was changed on its way: copy it again as one line from \"wecan-controller token create\".";
            return false;
        }

        _ = Control.Fingerprint.TryRead(bytes[FingerprintAt..CheckAt], out var authority);
        token = new(BinaryPrimitives.ReadUInt64BigEndian(bytes), bytes[SecretAt..FingerprintAt], authority);
        return true;
    }

    /// <summary>The line itself. It lets a node in: it is shown once, to who made it.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Id);
        Secret.Write(bytes[SecretAt..]);
        Authority.Write(bytes[FingerprintAt..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CheckAt..], Check(bytes[..CheckAt]));
        return Prefix + Base32.Encode(bytes);
    }

    /// <summary>Names the token without letting anybody in.</summary>
    public override string ToString() => $"token {IdText(Id)}";

    private static string? Judge(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "No token was given: make one with \"wecan-controller token create --role relay\" (or edge).";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return text.StartsWith(Family, StringComparison.OrdinalIgnoreCase) && text.Length > Family.Length && char.IsAsciiDigit(text[Family.Length])
                ? "The token is of a newer kind than this program knows: update this program."
                : $"This is no enrolment token: one begins with \"{Prefix}\" and comes from \"wecan-controller token create\".";
        }

        var whole = Prefix.Length + Base32.Length(AllBytes);
        if (text.Length < whole)
            return $"The token was cut: it has {text.Length} of {whole} letters. Copy it again as one line.";
        return text.Length > whole
            ? $"The token has {text.Length - whole} letters too many: copy it again, and nothing beside it."
            : null;
    }

    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        Span<byte> all = stackalloc byte[Prefix.Length + CheckAt];
        "wecan1."u8.CopyTo(all);
        bytes.CopyTo(all[Prefix.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(all, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
