using Arm = System.Runtime.Intrinsics.Arm;
using X86 = System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Crypto;

/// <summary>What follows from a cipher suite's value.</summary>
public static class CipherSuites
{
    /// <summary>The longest key of any suite.</summary>
    public const int MaxKeyBytes = 32;

    /// <summary>The suite that this machine seals fastest with: AES where the processor has it.</summary>
    public static CipherSuite Fastest { get; } =
        X86.Aes.IsSupported || Arm.Aes.IsSupported ? CipherSuite.Aes128Gcm : CipherSuite.ChaCha20Poly1305;

    public static bool IsKnown(CipherSuite suite) => suite is CipherSuite.Aes128Gcm or CipherSuite.ChaCha20Poly1305;

    public static int KeyBytes(CipherSuite suite) => suite switch
    {
        CipherSuite.Aes128Gcm => 16,
        CipherSuite.ChaCha20Poly1305 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(suite), suite, "Check with IsKnown what comes from a peer."),
    };
}
