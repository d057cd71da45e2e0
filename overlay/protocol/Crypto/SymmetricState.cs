using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// The running state of a handshake, as the Noise framework's SymmetricState (revision 34, section 5.2) with SHA-256: a
/// chaining key that every agreed secret is mixed into, and a hash of all that was said, bound to every sealed part. One
/// difference from Noise: AES keys are the first 16 of its 32 bytes. A handshake owns it; disposing erases it.
/// </summary>
internal sealed class SymmetricState : IDisposable
{
    public const int HashBytes = Hkdf.HashBytes;

    private readonly byte[] _chainingKey = GC.AllocateUninitializedArray<byte>(HashBytes, pinned: true);
    private readonly byte[] _hash = new byte[HashBytes];
    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(HashBytes, pinned: true);
    private readonly CipherSuite _suite;
    private ulong _nonce;

    public SymmetricState(ReadOnlySpan<byte> protocolName, CipherSuite suite)
    {
        _suite = suite;
        if (protocolName.Length <= HashBytes)
            protocolName.CopyTo(_hash);
        else
            SHA256.HashData(protocolName, _hash);
        _hash.CopyTo(_chainingKey, 0);
    }

    /// <summary>The hash of all that was said so far.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    public ReadOnlySpan<byte> ChainingKey => _chainingKey;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    /// <summary>Mixes an agreed secret in; what is sealed from here on needs it.</summary>
    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> pseudoRandomKey = stackalloc byte[HashBytes], output = stackalloc byte[2 * HashBytes];
        Hkdf.Extract(_chainingKey, secret, pseudoRandomKey);
        Hkdf.Expand(pseudoRandomKey, info: [], output);
        output[..HashBytes].CopyTo(_chainingKey);
        output[HashBytes..].CopyTo(_key);
        _nonce = 0;
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        CryptographicOperations.ZeroMemory(output);
    }

    /// <summary>Agrees with a peer's key and mixes the secret in; false if that key is none.</summary>
    public bool TryMixAgreement(P256KeyPair own, in P256PublicKey peer)
    {
        Span<byte> secret = stackalloc byte[P256KeyPair.ScalarBytes];
        if (!own.TryAgree(peer, secret))
            return false;
        MixKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return true;
    }

    /// <summary>Seals, bound to all that was said, and mixes the sealed bytes into the hash. The destination has 16 bytes more than the plaintext.</summary>
    public void SealAndHash(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        using var key = CreateKey();
        key.Seal(_nonce++, _hash, plaintext, destination);
        MixHash(destination[..(plaintext.Length + AeadKey.TagBytes)]);
    }

    /// <summary>Opens what the peer sealed at this point of the same handshake, not in place. After a false the handshake is over.</summary>
    public bool TryOpenAndHash(ReadOnlySpan<byte> sealedBytes, Span<byte> destination)
    {
        using var key = CreateKey();
        if (!key.TryOpen(_nonce++, _hash, sealedBytes, destination))
            return false;
        MixHash(sealedBytes);
        return true;
    }

    /// <summary>As <see cref="TryMixAgreement"/>, with a peer's key that was read and therefore is one.</summary>
    public void MixAgreement(P256KeyPair own, in P256PublicKey peer)
    {
        if (!TryMixAgreement(own, peer))
            throw new CryptographicException("The key agreement failed with a key that lies on the curve.");
    }

    /// <summary>The same state once more, so that bytes which prove false leave the first one as it was.</summary>
    public SymmetricState Clone()
    {
        var clone = new SymmetricState(protocolName: [], _suite) { _nonce = _nonce };
        _chainingKey.CopyTo(clone._chainingKey, 0);
        _hash.CopyTo(clone._hash, 0);
        _key.CopyTo(clone._key, 0);
        return clone;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_chainingKey);
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_hash);
    }

    private AeadKey CreateKey()
    {
        Span<byte> iv = stackalloc byte[AeadKey.IvBytes];
        iv.Clear();
        return AeadKey.Create(_suite, provider: null, _key.AsSpan(0, CipherSuites.KeyBytes(_suite)), iv);
    }
}
