using System.Buffers.Binary;

namespace WeCan.Edge.Tunnels.Frames;

/// <summary>A datagram of a session that the exit may not know yet: it says all that the exit must know. docs/wire-format.md, section 9.2.</summary>
/// <remarks><code>
///                      0 0 0 0 T p p p    T: answers go over two routes    p p p: priority
/// +------+-------------+-------+------------------+---------------------+--------------------+-----------+
/// | 0x12 | session (4) | flags | deadline, ms (2) | target's length (2) | target, 1 to 259   | payload   |
/// +------+-------------+-------+------------------+---------------------+--------------------+-----------+
/// </code></remarks>
internal readonly ref struct FirstFrame
{
    public const int HeadLength = 10;
    private const byte TwoPaths = 0x08;
    private const byte PriorityMask = 0x07;
    private const int MaxDeadline = 10_000;

    public uint Session { get; init; }

    public byte Priority { get; init; }

    public int Paths { get; init; }

    public int DeadlineMilliseconds { get; init; }

    public ReadOnlySpan<byte> Target { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out FirstFrame frame)
    {
        frame = default;
        if (message.Length <= HeadLength || message[0] != TunnelKind.First || (message[5] & ~(TwoPaths | PriorityMask)) != 0)
            return false;
        var deadline = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        if (deadline is 0 or > MaxDeadline || length is 0 or > TunnelLimits.MaxTarget || message.Length < HeadLength + length
            || message.Length > HeadLength + length + TunnelLimits.MaxDatagram)
            return false;
        frame = new FirstFrame
        {
            Session = BinaryPrimitives.ReadUInt32BigEndian(message[1..]),
            Priority = (byte)(message[5] & PriorityMask),
            Paths = (message[5] & TwoPaths) != 0 ? 2 : 1,
            DeadlineMilliseconds = deadline,
            Target = message.Slice(HeadLength, length),
            Payload = message[(HeadLength + length)..],
        };
        return true;
    }

    public int Write(Span<byte> buffer)
    {
        buffer[0] = TunnelKind.First;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[1..], Session);
        buffer[5] = (byte)(Priority | (Paths == 2 ? TwoPaths : 0));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[6..], (ushort)DeadlineMilliseconds);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[8..], (ushort)Target.Length);
        Target.CopyTo(buffer[HeadLength..]);
        Payload.CopyTo(buffer[(HeadLength + Target.Length)..]);
        return HeadLength + Target.Length + Payload.Length;
    }
}
