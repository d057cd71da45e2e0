using System.Buffers;
using System.Buffers.Text;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// The three parts of a token in the form of RFC 7515, a view over its bytes:
/// <code>Base64url(header) . Base64url(claims) . Base64url(signature)</code>
/// </summary>
internal readonly ref struct TokenParts
{
    private const byte Dot = (byte)'.';

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    public ReadOnlySpan<byte> Header { get; private init; }

    public ReadOnlySpan<byte> Claims { get; private init; }

    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>What the signature is over.</summary>
    public ReadOnlySpan<byte> Signed { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> token, out TokenParts parts)
    {
        parts = default;
        if (token.Length > TokenLimits.MaxBytes || token.ContainsAnyExcept(Alphabet))
            return false;
        var first = token.IndexOf(Dot);
        var last = token.LastIndexOf(Dot);
        if (first <= 0 || last <= first + 1 || last == token.Length - 1 || token[(first + 1)..last].Contains(Dot))
            return false;
        parts = new() { Header = token[..first], Claims = token[(first + 1)..last], Signature = token[(last + 1)..], Signed = token[..last] };
        return true;
    }

    /// <summary>False when a part is no Base64url, or longer than the buffer.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> part, Span<byte> buffer, out ReadOnlySpan<byte> decoded)
    {
        var status = Base64Url.DecodeFromUtf8(part, buffer, out _, out var written);
        decoded = buffer[..written];
        return status == OperationStatus.Done;
    }
}
