using System.Runtime.InteropServices;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// The functions of OpenSSL 3's libcrypto that sealing uses, found by name when first asked for, called through
/// pointers. Where the library or one of them is missing, <see cref="IsUsable"/> is false and nothing else here may be touched.
/// </summary>
/// <remarks>
/// None is marked SuppressGCTransition: that gains 1 to 2 % of a packet, as measured in
/// docs/decisions/0003-native-access.md, and makes every other thread's collection wait for OpenSSL.
/// </remarks>
internal static unsafe class LibCrypto
{
    private static readonly nint Library = NativeLibrary.TryLoad("libcrypto.so.3", out var library) ? library : 0;

    public static readonly delegate* unmanaged<nint> ContextNew = (delegate* unmanaged<nint>)Find("EVP_CIPHER_CTX_new");

    public static readonly delegate* unmanaged<nint, void> ContextFree = (delegate* unmanaged<nint, void>)Find("EVP_CIPHER_CTX_free");

    /// <summary>(context, cipher or 0, key or null, nonce or null, 1 to seal and 0 to open, parameters or null): 1 is success.</summary>
    public static readonly delegate* unmanaged<nint, nint, byte*, byte*, int, OpenSslParameter*, int> Init =
        (delegate* unmanaged<nint, nint, byte*, byte*, int, OpenSslParameter*, int>)Find("EVP_CipherInit_ex2");

    /// <summary>(context, output or null for associated data, output length, input, length): 1 is success.</summary>
    public static readonly delegate* unmanaged<nint, byte*, int*, byte*, int, int> Update =
        (delegate* unmanaged<nint, byte*, int*, byte*, int, int>)Find("EVP_CipherUpdate");

    /// <summary>(context, output, output length): 1 is success; when opening, that the tag is right.</summary>
    public static readonly delegate* unmanaged<nint, byte*, int*, int> Final =
        (delegate* unmanaged<nint, byte*, int*, int>)Find("EVP_CipherFinal_ex");

    /// <summary>(context, parameters up to one with no name): 1 is success.</summary>
    public static readonly delegate* unmanaged<nint, OpenSslParameter*, int> GetParameters =
        (delegate* unmanaged<nint, OpenSslParameter*, int>)Find("EVP_CIPHER_CTX_get_params");

    /// <summary>As <see cref="GetParameters"/>.</summary>
    public static readonly delegate* unmanaged<nint, OpenSslParameter*, int> SetParameters =
        (delegate* unmanaged<nint, OpenSslParameter*, int>)Find("EVP_CIPHER_CTX_set_params");

    private static readonly delegate* unmanaged<nint, byte*, byte*, nint> CipherFetch =
        (delegate* unmanaged<nint, byte*, byte*, nint>)Find("EVP_CIPHER_fetch");

    public static bool IsUsable { get; } = ContextNew != null && ContextFree != null && Init != null && Update != null
        && Final != null && GetParameters != null && SetParameters != null && CipherFetch != null;

    /// <summary>The cipher's description; 0 where this libcrypto lacks it. Costly, and never freed: asked for once for the process.</summary>
    public static nint FetchCipher(CipherSuite suite)
    {
        fixed (byte* name = suite == CipherSuite.Aes128Gcm ? "AES-128-GCM\0"u8 : "ChaCha20-Poly1305\0"u8)
            return CipherFetch(0, name, null);
    }

    /// <summary>A function's address; 0 where there is none.</summary>
    public static nint Find(string function) =>
        Library != 0 && NativeLibrary.TryGetExport(Library, function, out var address) ? address : 0;
}
