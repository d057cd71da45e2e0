using System.Buffers.Binary;

namespace WeCan.Protocol.Wire;

/// <summary>A SEALED packet: a transport packet that only the two edges at its ends can read. docs/wire-format.md, section 7.8.</summary>
/// <remarks><code>
/// +------+----------------+-------------------------+-----------------+--------+
/// | 0x80 | receiver's     | number, low 32 bits (4) | packet, sealed  | tag    |
/// |      | session     (3)|                         |                 |    (16)|
/// +------+----------------+-------------------------+-----------------+--------+
/// </code></remarks>
internal readonly ref struct SealedPacket
{
    public const byte Type = 0x80;

    public const int HeaderLength = 8;

    public const int TagLength = 16;

    /// <summary>What sealing adds to a packet.</summary>
    public const int Overhead = HeaderLength + TagLength;

    /// <summary>Sessions are numbered by their receiver below this, and not 0.</summary>
    public const uint SessionEnd = 1u << 24;

    private SealedPacket(ReadOnlySpan<byte> packet) => Packet = packet;

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    public ReadOnlySpan<byte> Header => Packet[..HeaderLength];

    /// <summary>The ciphertext and the tag.</summary>
    public ReadOnlySpan<byte> Body => Packet[HeaderLength..];

    public uint Session => BinaryPrimitives.ReadUInt32BigEndian(Packet) & (SessionEnd - 1);

    public uint Number => BinaryPrimitives.ReadUInt32BigEndian(Packet[4..]);

    public static bool TryRead(ReadOnlySpan<byte> packet, out SealedPacket read)
    {
        read = default;
        if (packet.Length is < Overhead or > WireLimits.MaxPathPacket || packet[0] != Type)
            return false;
        read = new SealedPacket(packet);
        return read.Session != 0;
    }

    public static void WriteHeader(Span<byte> packet, uint session, ulong number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, ((uint)Type << 24) | session);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], (uint)number);
    }
}
