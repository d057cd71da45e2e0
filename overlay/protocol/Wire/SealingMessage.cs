using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>A SEALING packet: half of the handshake that begins a session between two edges. docs/wire-format.md, section 7.8.</summary>
/// <remarks><code>
/// +------+-------------------------+-------------------------+--------------------------+----------+
/// | type | initiator's             | counter              (8)| initiation or response   | mac  (16)|
/// |      | boot epoch           (4)|                         |                          |          |
/// +------+-------------------------+-------------------------+--------------------------+----------+
/// </code></remarks>
internal readonly ref struct SealingMessage
{
    public const byte Initiation = 0x81;

    public const byte Response = 0x82;

    public const int HeaderLength = 1 + 4 + 8;

    public const int MacLength = 16;

    public const int Overhead = HeaderLength + MacLength;

    /// <summary>The longest handshake datagram inside.</summary>
    public const int MaxHandshake = 1_124;

    private SealingMessage(ReadOnlySpan<byte> packet) => Packet = packet;

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    public bool IsInitiation => Packet[0] == Initiation;

    public BootEpoch Epoch => new(BinaryPrimitives.ReadUInt32BigEndian(Packet[1..]));

    public ulong Counter => BinaryPrimitives.ReadUInt64BigEndian(Packet[5..]);

    public ReadOnlySpan<byte> Handshake => Packet[HeaderLength..^MacLength];

    public ReadOnlySpan<byte> Mac => Packet[^MacLength..];

    /// <summary>What the mac vouches for.</summary>
    public ReadOnlySpan<byte> Covered => Packet[..^MacLength];

    public static bool TryRead(ReadOnlySpan<byte> packet, out SealingMessage message)
    {
        message = default;
        if (packet.Length is <= Overhead or > Overhead + MaxHandshake || packet[0] is not (Initiation or Response))
            return false;
        message = new SealingMessage(packet);
        return message.Epoch != BootEpoch.None;
    }

    /// <summary>Writes what stands before the handshake.</summary>
    public static void WriteHeader(Span<byte> packet, byte type, BootEpoch epoch, ulong counter)
    {
        packet[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(packet[1..], epoch.Value);
        BinaryPrimitives.WriteUInt64BigEndian(packet[5..], counter);
    }
}
