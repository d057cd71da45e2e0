using System.Runtime.Intrinsics;

namespace WeCan.Protocol.Crypto;

/// <summary>AES-128-GCM by <see cref="HardwareAesGcm"/>.</summary>
internal sealed class HardwareAesGcmKey : AeadKey
{
    private readonly KeySchedule _schedule = new();

    public HardwareAesGcmKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
        : base(iv) => HardwareAesGcm.Expand(key, _schedule.Bytes);

    public override void Seal(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        RequireRoom(plaintext.Length + TagBytes, destination);
        Span<byte> nonce = stackalloc byte[IvBytes];
        WriteNonce(packetNumber, nonce);
        HardwareAesGcm.Seal(_schedule.Bytes, nonce, associatedData, plaintext, destination).CopyTo(destination[plaintext.Length..]);
        GC.KeepAlive(_schedule);
    }

    public override bool TryOpen(ulong packetNumber, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> destination)
    {
        var length = ciphertextAndTag.Length - TagBytes;
        if (length < 0)
            return false;
        RequireRoom(length, destination);
        Span<byte> nonce = stackalloc byte[IvBytes];
        WriteNonce(packetNumber, nonce);

        // In place the tag is not written over, as it lies behind the plaintext's room.
        var tag = HardwareAesGcm.Open(_schedule.Bytes, nonce, associatedData, ciphertextAndTag[..length], destination);
        GC.KeepAlive(_schedule);
        if (tag == Vector128.Create(ciphertextAndTag[length..]))
            return true;
        destination[..length].Clear();
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _schedule.Dispose();
        base.Dispose(disposing);
    }
}
