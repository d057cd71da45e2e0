using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>AES-128-GCM by .NET's class.</summary>
internal sealed class DotNetAesGcmKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) : AeadKey(iv)
{
    private readonly AesGcm _cipher = new(key, TagBytes);

    public override void Seal(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        RequireRoom(plaintext.Length + TagBytes, destination);
        Span<byte> nonce = stackalloc byte[IvBytes];
        WriteNonce(packetNumber, nonce);
        _cipher.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination.Slice(plaintext.Length, TagBytes), associatedData);
    }

    public override bool TryOpen(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> destination)
    {
        var length = ciphertextAndTag.Length - TagBytes;
        if (length < 0)
            return false;
        RequireRoom(length, destination);
        Span<byte> nonce = stackalloc byte[IvBytes];
        WriteNonce(packetNumber, nonce);
        try
        {
            _cipher.Decrypt(nonce, ciphertextAndTag[..length], ciphertextAndTag[length..], destination[..length], associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            destination[..length].Clear();
            return false;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cipher.Dispose();
        base.Dispose(disposing);
    }
}
