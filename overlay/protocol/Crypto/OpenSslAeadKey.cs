using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>A key in an OpenSSL context of its own, so that a packet costs no key schedule and no allocation.</summary>
internal sealed unsafe class OpenSslAeadKey : AeadKey
{
    private readonly CipherContext _owner = new();
    private nint _context;

    public OpenSslAeadKey(nint cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
        : base(iv)
    {
        _context = _owner.DangerousGetHandle();
        fixed (byte* keyBytes = key)
        {
            if (_context == 0 || LibCrypto.Init(_context, cipher, keyBytes, null, 1, null) != 1)
                throw new CryptographicException("OpenSSL refused to set up a cipher context; is the machine out of memory?");
        }
    }

    public override void Seal(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        RequireRoom(plaintext.Length + TagBytes, destination);
        fixed (byte* to = &MemoryMarshal.GetReference(destination))
        {
            if (!Begin(packetNumber, associatedData, plaintext, to, seal: 1)
                || !Finish(to + plaintext.Length)
                || !GetTag(to + plaintext.Length))
                throw new CryptographicException("OpenSSL failed to seal a packet.");
        }

        GC.KeepAlive(_owner);
    }

    public override bool TryOpen(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> destination)
    {
        var length = ciphertextAndTag.Length - TagBytes;
        if (length < 0)
            return false;
        RequireRoom(length, destination);
        bool authentic;
        fixed (byte* to = &MemoryMarshal.GetReference(destination), from = &MemoryMarshal.GetReference(ciphertextAndTag))
        {
            authentic = Begin(packetNumber, associatedData, ciphertextAndTag[..length], to, seal: 0)
                && SetTag(from + length)
                && Finish(to);
        }

        GC.KeepAlive(_owner);
        if (!authentic)
            destination[..length].Clear();
        return authentic;
    }

    protected override void Dispose(bool disposing)
    {
        _context = 0;
        if (disposing)
            _owner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Everything up to the tag: nonce, associated data, the bytes themselves.</summary>
    private bool Begin(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> input, byte* to, int seal)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        var nonce = stackalloc byte[IvBytes];
        WriteNonce(packetNumber, new(nonce, IvBytes));
        if (LibCrypto.Init(_context, 0, null, nonce, seal, null) != 1)
            return false;
        fixed (byte* associated = &MemoryMarshal.GetReference(associatedData), from = &MemoryMarshal.GetReference(input))
        {
            return (associatedData.IsEmpty || Update(null, associated, associatedData.Length))
                && (input.IsEmpty || Update(to, from, input.Length));
        }
    }

    private bool Update(byte* to, byte* from, int length)
    {
        int written;
        return LibCrypto.Update(_context, to, &written, from, length) == 1;
    }

    /// <summary>These ciphers write nothing at the end; OpenSSL wants to be told a place all the same.</summary>
    private bool Finish(byte* end)
    {
        int written;
        return LibCrypto.Final(_context, end, &written) == 1;
    }

    private bool GetTag(byte* tag)
    {
        var parameters = stackalloc OpenSslParameter[] { OpenSslParameter.Tag(tag), default };
        return LibCrypto.GetParameters(_context, parameters) == 1;
    }

    private bool SetTag(byte* tag)
    {
        var parameters = stackalloc OpenSslParameter[] { OpenSslParameter.Tag(tag), default };
        return LibCrypto.SetParameters(_context, parameters) == 1;
    }
}
