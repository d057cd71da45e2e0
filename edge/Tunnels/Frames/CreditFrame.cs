using System.Buffers.Binary;

namespace WeCan.Edge.Tunnels.Frames;

/// <summary>How many bytes of DATA its receiver lets the sender send, counted from the connection's first. docs/wire-format.md, section 9.1.</summary>
/// <remarks><code>
/// +------+-----------+
/// | 0x41 | limit (8) |
/// +------+-----------+
/// </code></remarks>
internal readonly ref struct CreditFrame
{
    public const int Length = 9;

    public ulong Limit { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out CreditFrame frame)
    {
        frame = default;
        if (message.Length != Length || message[0] != TunnelKind.Credit)
            return false;
        frame = new CreditFrame { Limit = BinaryPrimitives.ReadUInt64BigEndian(message[1..]) };
        return true;
    }

    public void Write(Span<byte> buffer)
    {
        buffer[0] = TunnelKind.Credit;
        BinaryPrimitives.WriteUInt64BigEndian(buffer[1..], Limit);
    }
}
