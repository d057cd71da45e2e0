using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// Tells whether a client's token is good, with bytes that anybody may have written: it does not throw and keeps nothing. Cheap things
/// come first, so that who has no key of ours costs no signature. One thread drives it; keys are changed by making a new one.
/// </summary>
internal sealed class TokenVerifier : IDisposable
{
    private const int SignatureBytes = 64;

    private readonly List<(byte[] Id, TokenKey Key, ECDsa Verifier)> _keys = [];

    public TokenVerifier(IEnumerable<TokenKey> keys)
    {
        foreach (var key in keys)
            _keys.Add((Encoding.UTF8.GetBytes(key.Id), key, ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = key.Point })));
    }

    public TokenFault Verify(ReadOnlySpan<byte> token, UnixTime now, out ClientToken? verified)
    {
        verified = null;
        Span<byte> buffer = stackalloc byte[TokenLimits.MaxBytes];
        if (!TokenParts.TryRead(token, out var parts) || !TokenParts.TryDecode(parts.Header, buffer, out var json) || !TokenHeader.TryRead(json, out var header))
            return TokenFault.Malformed;
        if (!header.Algorithm.SequenceEqual("ES256"u8))
            return TokenFault.WrongAlgorithm;
        if (!TryFind(header.Key, out var key, out var verifier))
            return TokenFault.UnknownKey;
        Span<byte> signature = stackalloc byte[SignatureBytes + 2];
        if (!TokenParts.TryDecode(parts.Signature, signature, out var signed) || signed.Length != SignatureBytes)
            return TokenFault.Malformed;
        if (!verifier.VerifyData(parts.Signed, signed, HashAlgorithmName.SHA256))
            return TokenFault.BadSignature;
        if (!TokenParts.TryDecode(parts.Claims, buffer, out json))
            return TokenFault.Malformed;
        if (TokenClaims.Read(json, out var read) is not TokenFault.None and var fault)
            return fault;
        if (!key.MaySign(read!.Space))
            return TokenFault.OtherSpace;
        if (read.Expires <= now)
            return TokenFault.Expired;
        if (read.NotBefore is { } start && start > now + TokenLimits.ClockTolerance)
            return TokenFault.NotYetValid;
        verified = read;
        return TokenFault.None;
    }

    public void Dispose() => _keys.ForEach(key => key.Verifier.Dispose());

    private bool TryFind(ReadOnlySpan<byte> id, out TokenKey key, out ECDsa verifier)
    {
        foreach (var known in _keys)
        {
            if (!id.SequenceEqual(known.Id))
                continue;
            (_, key, verifier) = known;
            return true;
        }

        (key, verifier) = (null!, null!);
        return false;
    }
}
