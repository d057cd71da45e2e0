using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>ChaCha20-Poly1305 by .NET's class.</summary>
internal sealed class DotNetChaChaKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) : AeadKey(iv)
{
    private readonly ChaCha20Poly1305 _cipher = new(key);

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
