using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The clear head of both responses (docs/wire-format.md, sections 3.2 and 3.5):
/// <code>type | format | 0 | 0 | sender's LinkId (4) | receiver's LinkId (4)</code>
/// </summary>
internal static class ResponseHeader
{
    public static void Write(Span<byte> destination, byte type, LinkId sender, LinkId receiver)
    {
        destination[0] = type;
        destination[1] = HandshakeWire.Format;
        destination[2] = 0;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[HandshakeWire.SenderLink..], sender.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[HandshakeWire.ReceiverLink..], receiver.Value);
    }

    /// <summary>Reads the head of a response of this type, of a length between the two, to this LinkId.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, byte type, int shortest, int longest, LinkId receiver, out LinkId sender)
    {
        sender = LinkId.None;
        if (datagram.Length < shortest || datagram.Length > longest
            || datagram[0] != type || datagram[1] != HandshakeWire.Format || datagram[2] != 0 || datagram[3] != 0
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[HandshakeWire.ReceiverLink..]) != receiver.Value)
            return false;
        sender = new(BinaryPrimitives.ReadUInt32BigEndian(datagram[HandshakeWire.SenderLink..]));
        return sender != LinkId.None;
    }
}
