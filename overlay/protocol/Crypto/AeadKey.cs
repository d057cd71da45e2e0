using System.Buffers.Binary;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// One key of one direction of one link: seals datagrams, or opens them. Driven by the single thread that drives the
/// link; not safe for two at once. Promises: sealing and opening allocate nothing, and no bytes of a peer make
/// <see cref="TryOpen"/> throw (with the one exception in cost that <see cref="AeadProvider.DotNet"/> names). The nonce is the key's
/// 12-byte IV, XORed in its last 8 bytes with the packet number in big-endian order; the owner never seals two packets with one number.
/// <see cref="IDisposable.Dispose"/> erases the key; what was not disposed is freed with the last reference to it.
/// </summary>
public abstract class AeadKey : IDisposable
{
    public const int TagBytes = 16;

    public const int IvBytes = 12;

    private uint _ivHead;
    private ulong _ivTail;

    private protected AeadKey(ReadOnlySpan<byte> iv)
    {
        _ivHead = BinaryPrimitives.ReadUInt32BigEndian(iv);
        _ivTail = BinaryPrimitives.ReadUInt64BigEndian(iv[4..]);
    }

    /// <summary>Makes a key. A null <paramref name="provider"/> means the fastest that this machine has.</summary>
    public static AeadKey Create(CipherSuite suite, AeadProvider? provider, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        if (key.Length != CipherSuites.KeyBytes(suite))
            throw new ArgumentException($"{suite} takes a key of {CipherSuites.KeyBytes(suite)} bytes.", nameof(key));
        if (iv.Length != IvBytes)
            throw new ArgumentException($"The IV has {IvBytes} bytes.", nameof(iv));
        return (provider ?? AeadProvider.Best).CreateKey(suite, key, iv);
    }

    /// <summary>
    /// Writes the ciphertext and behind it the tag of 16 bytes. <paramref name="destination"/> has room for both and
    /// either begins where <paramref name="plaintext"/> begins or does not touch it.
    /// </summary>
    public abstract void Seal(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>
    /// Opens what <see cref="Seal"/> wrote; false if it is not authentic, and then the plaintext's room is zeroed.
    /// <paramref name="destination"/> has room for the plaintext and either begins where
    /// <paramref name="ciphertextAndTag"/> begins or does not touch it.
    /// </summary>
    public abstract bool TryOpen(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> destination);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _ivHead = 0;
        _ivTail = 0;
    }

    private protected void WriteNonce(ulong packetNumber, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _ivHead);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _ivTail ^ packetNumber);
    }

    private protected static void RequireRoom(int needed, Span<byte> destination)
    {
        if (destination.Length < needed)
            ThrowTooSmall(needed, destination.Length);
    }

    private static void ThrowTooSmall(int needed, int given) =>
        throw new ArgumentException($"The destination has {given} bytes; this needs {needed}.", nameof(given));
}
