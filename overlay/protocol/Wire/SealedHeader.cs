using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// The clear head of a sealed datagram: docs/wire-format.md, section 4.
/// <code>
///  0        1                5                9
/// +--------+----------------+----------------+----------
/// | 0x4P   | LinkId      (4)| number      (4)| sealed …
/// +--------+----------------+----------------+----------
/// </code>
/// </summary>
internal readonly record struct SealedHeader(int Phase, LinkId Receiver, uint PacketNumber)
{
    public const int Length = 9;

    public const int TagLength = 16;

    /// <summary>The shortest datagram that can be one: no frame at all, which no sender sends, but a tag.</summary>
    public const int MinDatagram = Length + TagLength;

    private const byte TypeBase = 0x40;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out SealedHeader header)
    {
        if (datagram.Length < MinDatagram || (datagram[0] & 0xFE) != TypeBase)
        {
            header = default;
            return false;
        }

        header = new(
            datagram[0] & 1,
            new(BinaryPrimitives.ReadUInt32BigEndian(datagram[1..])),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[5..]));
        return true;
    }

    public static void Write(Span<byte> datagram, int phase, LinkId receiver, ulong packetNumber)
    {
        datagram[0] = (byte)(TypeBase | phase);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[1..], receiver.Value);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[5..], (uint)packetNumber);
    }
}
