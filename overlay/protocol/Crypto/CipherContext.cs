using System.Runtime.InteropServices;

namespace WeCan.Protocol.Crypto;

/// <summary>Owns one EVP_CIPHER_CTX: about 1.2 KiB of native memory, the expanded key included. OpenSSL erases it when it frees it.</summary>
internal sealed unsafe class CipherContext : SafeHandle
{
    public CipherContext()
        : base(0, ownsHandle: true) => SetHandle(LibCrypto.ContextNew());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.ContextFree(handle);
        return true;
    }
}
