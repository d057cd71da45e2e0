using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The secrets of one generation of a link's keys: two traffic keys, until they are taken, and the chain secret that
/// the next generation grows from (docs/wire-format.md, sections 3.7 and 3.8). The link owns it and disposes of it when the next generation is made; that erases it.
/// </summary>
public sealed class LinkSecrets : IDisposable
{
    internal const int ChainSecretBytes = 32;

    private const int DirectionBytes = CipherSuites.MaxKeyBytes + AeadKey.IvBytes;
    private const int TrafficBytes = 2 * DirectionBytes;
    private const int TotalBytes = TrafficBytes + ChainSecretBytes;
    private const int LongestInfo = 32 + 1 + sizeof(uint) + (2 * P256PublicKey.Bytes);

    /// <summary>To the responder: key, IV; to the initiator: key, IV; chain secret.</summary>
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(TotalBytes, pinned: true);
    private bool _taken;

    private LinkSecrets(CipherSuite suite, bool isInitiator, uint generation)
    {
        Suite = suite;
        IsInitiator = isInitiator;
        Generation = generation;
    }

    public CipherSuite Suite { get; }

    /// <summary>Whether this end began the handshake; rekeying keeps the roles.</summary>
    public bool IsInitiator { get; }

    /// <summary>0 from the handshake, then one more with each rekeying.</summary>
    public uint Generation { get; }

    internal ReadOnlySpan<byte> ChainSecret => _bytes.AsSpan(TrafficBytes);

    /// <summary>Makes the two keys, which are then the caller's, and erases what they were made of. Once only.</summary>
    public (AeadKey Send, AeadKey Receive) TakeKeys(AeadProvider? provider = null)
    {
        if (_taken)
            throw new InvalidOperationException("The keys of this generation were taken, or the secrets disposed of.");
        _taken = true;
        var toResponder = CreateKey(0, provider);
        var toInitiator = CreateKey(DirectionBytes, provider);
        CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, TrafficBytes));
        return IsInitiator ? (toResponder, toInitiator) : (toInitiator, toResponder);
    }

    public void Dispose()
    {
        _taken = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    internal static LinkSecrets FromHandshake(SymmetricState state, CipherSuite suite, bool isInitiator)
    {
        var secrets = new LinkSecrets(suite, isInitiator, generation: 0);
        Span<byte> info = stackalloc byte[LongestInfo];
        var label = "wecan link keys"u8;
        label.CopyTo(info);
        info[label.Length] = (byte)suite;
        state.Hash.CopyTo(info[(label.Length + 1)..]);
        Hkdf.Expand(state.ChainingKey, info[..(label.Length + 1 + SymmetricState.HashBytes)], secrets._bytes);
        return secrets;
    }

    internal LinkSecrets Next(ReadOnlySpan<byte> agreed, in P256PublicKey initiator, in P256PublicKey responder)
    {
        var next = new LinkSecrets(Suite, IsInitiator, Generation + 1);
        Span<byte> info = stackalloc byte[LongestInfo], pseudoRandomKey = stackalloc byte[Hkdf.HashBytes];
        var label = "wecan link rekey"u8;
        label.CopyTo(info);
        var position = label.Length;
        info[position++] = (byte)Suite;
        BinaryPrimitives.WriteUInt32BigEndian(info[position..], next.Generation);
        position += sizeof(uint);
        initiator.Write(info[position..]);
        position += P256PublicKey.Bytes;
        responder.Write(info[position..]);
        position += P256PublicKey.Bytes;
        Hkdf.Extract(ChainSecret, agreed, pseudoRandomKey);
        Hkdf.Expand(pseudoRandomKey, info[..position], next._bytes);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        return next;
    }

    private AeadKey CreateKey(int offset, AeadProvider? provider) => AeadKey.Create(
        Suite, provider, _bytes.AsSpan(offset, CipherSuites.KeyBytes(Suite)), _bytes.AsSpan(offset + CipherSuites.MaxKeyBytes, AeadKey.IvBytes));
}
