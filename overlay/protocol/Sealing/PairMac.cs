using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Sealing;

/// <summary>
/// The mac of SEALING packets (docs/wire-format.md, section 7.8), under a key that only the two edges can compute. So a
/// packet that is not the peer's costs one hash, and whoever sits between the two can make neither compute anything dearer.
/// </summary>
internal sealed class PairMac : IDisposable
{
    private const int AddressLength = 2 + 2;

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(Hkdf.HashBytes, pinned: true);

    private PairMac()
    {
    }

    /// <summary>One key agreement, once for each peer; null if the peer's key is none.</summary>
    public static PairMac? TryCreate(P256KeyPair own, in P256PublicKey peer)
    {
        Span<byte> secret = stackalloc byte[P256KeyPair.ScalarBytes], pseudoRandomKey = stackalloc byte[Hkdf.HashBytes];
        if (!own.TryAgree(peer, secret))
            return null;
        var mac = new PairMac();
        Hkdf.Extract("wecan edges mac"u8, secret, pseudoRandomKey);
        Hkdf.Expand(pseudoRandomKey, "wecan edges mac key"u8, mac._key);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        return mac;
    }

    /// <summary>Writes the mac of all that stands before the packet's last 16 bytes.</summary>
    public void Write(NodeId origin, NodeId destination, Span<byte> packet)
    {
        Span<byte> covered = stackalloc byte[AddressLength + packet.Length - SealingMessage.MacLength];
        Cover(origin, destination, packet[..^SealingMessage.MacLength], covered);
        HandshakeMac.Write(_key, covered, packet[^SealingMessage.MacLength..]);
    }

    public bool IsRight(NodeId origin, NodeId destination, in SealingMessage message)
    {
        Span<byte> covered = stackalloc byte[AddressLength + message.Covered.Length];
        Cover(origin, destination, message.Covered, covered);
        return HandshakeMac.IsRight(_key, covered, message.Mac);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static void Cover(NodeId origin, NodeId destination, ReadOnlySpan<byte> bytes, Span<byte> covered)
    {
        BinaryPrimitives.WriteUInt16BigEndian(covered, origin.Value);
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], destination.Value);
        bytes.CopyTo(covered[AddressLength..]);
    }
}
