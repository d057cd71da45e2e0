using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>
/// Tells whether a client's token is good, with bytes that anybody may have written: it does not throw and keeps nothing. Cheap things
/// come first, so that who has no key of ours costs no signature. One thread drives it; keys are changed by making a new one, which any
/// thread may. Of two keys with one name the first counts.
/// </summary>
internal sealed class TokenVerifier : IDisposable
{
    private const int SignatureBytes = 64;

    private readonly List<(byte[] Id, TokenKey Key, ECDsa Verifier)> _keys = [];
    private readonly RevocationSet _revocations;
    private readonly OpenSpaces _spaces;

    public TokenVerifier(IEnumerable<TokenKey> keys, RevocationSet? revocations = null, OpenSpaces? spaces = null)
    {
        _revocations = revocations ?? RevocationSet.None;
        _spaces = spaces ?? OpenSpaces.All;
        foreach (var key in keys.DistinctBy(key => key.Id, StringComparer.Ordinal))
            _keys.Add((Encoding.UTF8.GetBytes(key.Id), key, ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = key.Point })));
        _keys.Sort((left, right) => left.Id.AsSpan().SequenceCompareTo(right.Id));
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
        if (TokenClaims.Read(json, out var read) is not TokenFault.None and var wrong)
            return wrong;
        read = read! with { Key = key };
        if (JudgeTimes(read, now) is not TokenFault.None and var late)
            return late;
        if (Judge(read) is not TokenFault.None and var fault)
            return fault;
        verified = read;
        return TokenFault.None;
    }

    /// <summary>Whether a token that was good under other keys and revocations is so under these. Of its times nothing is said.</summary>
    public TokenFault Judge(ClientToken token)
    {
        if (token.Key is null || !TryFind(Encoding.UTF8.GetBytes(token.Key.Id), out var key, out _) || !key.HasPointOf(token.Key))
            return TokenFault.UnknownKey;
        if (!key.MaySign(token.Space))
            return TokenFault.OtherSpace;
        if (_revocations.Has(token))
            return TokenFault.Revoked;
        return _spaces.Has(token.Space) ? TokenFault.None : TokenFault.OtherRegion;
    }

    public void Dispose() => _keys.ForEach(key => key.Verifier.Dispose());

    private static TokenFault JudgeTimes(ClientToken token, UnixTime now)
    {
        if (token.Expires <= now)
            return TokenFault.Expired;
        var latest = now + AccessLimits.ClockTolerance;
        if (token.NotBefore > latest || token.Issued > latest)
            return TokenFault.NotYetValid;
        return token.Expires > (token.Issued ?? now) + AccessLimits.MaxTokenLife ? TokenFault.TooLong : TokenFault.None;
    }

    private bool TryFind(ReadOnlySpan<byte> id, out TokenKey key, out ECDsa verifier)
    {
        (key, verifier) = (null!, null!);
        var (low, high) = (0, _keys.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = id.SequenceCompareTo(_keys[middle].Id);
            if (order == 0)
            {
                (_, key, verifier) = _keys[middle];
                return true;
            }

            if (order < 0)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return false;
    }
}
