using System.Buffers.Binary;

namespace WeCan.Edge.Tunnels.Frames;

/// <summary>The first message of a connection's flow from its exit: it stands, or is refused. docs/wire-format.md, section 9.1.</summary>
/// <remarks><code>
/// +------+----------------+        +------+----------------+------------+
/// | 0x11 | connection (8) |   or   | 0x21 | connection (8) | reason (1) |
/// +------+----------------+        +------+----------------+------------+
/// </code></remarks>
internal readonly ref struct AnswerFrame
{
    private const int OpenedLength = 9;
    private const int RefusedLength = 10;

    public ulong Connection { get; init; }

    public bool IsRefused { get; init; }

    public RefusalReason Reason { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out AnswerFrame frame)
    {
        frame = default;
        var isRefused = message.Length == RefusedLength && message[0] == TunnelKind.Refused;
        if (!isRefused && (message.Length != OpenedLength || message[0] != TunnelKind.Opened))
            return false;
        frame = new AnswerFrame
        {
            Connection = BinaryPrimitives.ReadUInt64BigEndian(message[1..]),
            IsRefused = isRefused,
            Reason = isRefused ? RefusalReasons.Read(message[OpenedLength]) : RefusalReason.Other,
        };
        return true;
    }

    public byte[] ToMessage()
    {
        var message = new byte[IsRefused ? RefusedLength : OpenedLength];
        message[0] = IsRefused ? TunnelKind.Refused : TunnelKind.Opened;
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(1), Connection);
        if (IsRefused)
            message[OpenedLength] = (byte)Reason;
        return message;
    }
}
