using System.Buffers.Binary;

namespace WeCan.Edge.Tunnels.Frames;

/// <summary>The first message of a connection's flow to its exit. docs/wire-format.md, section 9.1.</summary>
/// <remarks><code>
/// +------+-------------+--------------+----------------+-------------------+
/// | 0x01 | version (1) | priority (1) | connection (8) | target, 1 to 259  |
/// +------+-------------+--------------+----------------+-------------------+
/// </code></remarks>
internal readonly ref struct OpenFrame
{
    public const int HeadLength = 11;
    private const byte MaxPriority = 7;

    public byte Version { get; init; }

    public byte Priority { get; init; }

    /// <summary>The entry's boot epoch and a number of that life's, so that no two connections to an exit ever share it.</summary>
    public ulong Connection { get; init; }

    public ReadOnlySpan<byte> Target { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out OpenFrame frame)
    {
        frame = default;
        if (message.Length <= HeadLength || message.Length > HeadLength + TunnelLimits.MaxTarget || message[0] != TunnelKind.Open || message[2] > MaxPriority)
            return false;
        frame = new OpenFrame
        {
            Version = message[1],
            Priority = message[2],
            Connection = BinaryPrimitives.ReadUInt64BigEndian(message[3..]),
            Target = message[HeadLength..],
        };
        return true;
    }

    public byte[] ToMessage()
    {
        var message = new byte[HeadLength + Target.Length];
        (message[0], message[1], message[2]) = (TunnelKind.Open, Version, Priority);
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(3), Connection);
        Target.CopyTo(message.AsSpan(HeadLength));
        return message;
    }
}
