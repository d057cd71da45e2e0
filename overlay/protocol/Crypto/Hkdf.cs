using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>HKDF with SHA-256 (RFC 5869), over spans and without allocation.</summary>
internal static class Hkdf
{
    public const int HashBytes = 32;

    public static void Extract(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKey, Span<byte> pseudoRandomKey) =>
        HKDF.Extract(HashAlgorithmName.SHA256, inputKey, salt, pseudoRandomKey);

    public static void Expand(ReadOnlySpan<byte> pseudoRandomKey, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.Expand(HashAlgorithmName.SHA256, pseudoRandomKey, output, info);
}
