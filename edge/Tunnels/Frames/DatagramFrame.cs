using System.Buffers.Binary;

namespace WeCan.Edge.Tunnels.Frames;

/// <summary>
/// A datagram of a session that both edges know, or the exit's word about a session. docs/wire-format.md, section 9.2. With 1,200
/// bytes of payload it is one segment.
/// </summary>
/// <remarks><code>
/// +------+-------------+-----------+     0x02 forth, 0x22 back: the payload is the datagram
/// | kind | session (4) | payload   |     0x32 opened, 0x52 unknown: no payload
/// +------+-------------+-----------+     0x42 refused: the reason (1)
/// </code></remarks>
internal readonly ref struct DatagramFrame
{
    public const int HeadLength = 5;

    public byte Kind { get; init; }

    public uint Session { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out DatagramFrame frame)
    {
        frame = default;
        if (message.Length < HeadLength || !LengthFits(message[0], message.Length - HeadLength))
            return false;
        frame = new DatagramFrame
        {
            Kind = message[0],
            Session = BinaryPrimitives.ReadUInt32BigEndian(message[1..]),
            Payload = message[HeadLength..],
        };
        return true;
    }

    public int Write(Span<byte> buffer)
    {
        buffer[0] = Kind;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[1..], Session);
        Payload.CopyTo(buffer[HeadLength..]);
        return HeadLength + Payload.Length;
    }

    private static bool LengthFits(byte kind, int payload) => kind switch
    {
        TunnelKind.Forth or TunnelKind.Back => payload <= TunnelLimits.MaxDatagram,
        TunnelKind.SessionOpened or TunnelKind.SessionUnknown => payload == 0,
        TunnelKind.SessionRefused => payload == 1,
        _ => false,
    };
}
