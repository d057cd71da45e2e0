using System.Buffers.Binary;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// What every message between two desks begins with; frames follow. docs/wire-format.md, section 11.
/// </summary>
/// <remarks><code>
/// +------+-------------+-----------+----------
/// | 0x03 | session (8) | heard (8) | frames …
/// +------+-------------+-----------+----------
/// </code></remarks>
internal readonly ref struct InterestHead
{
    /// <summary>The first byte: its low half, 3, is the bus between edges, its high half what of it.</summary>
    public const byte First = 0x03;

    public const int Length = 17;

    /// <summary>Bits of a session's number below those of the boot epoch.</summary>
    public const int CountBits = 30;

    /// <summary>The sender's, towards this receiver: its boot epoch, then a count. A higher one has forgotten all that was said under lower ones.</summary>
    public ulong Session { get; init; }

    /// <summary>The highest session of the receiver that the sender has heard of, 0 for none. The frames are of no worth in another.</summary>
    public ulong Heard { get; init; }

    public void Write(Span<byte> message)
    {
        message[0] = First;
        BinaryPrimitives.WriteUInt64BigEndian(message[1..], Session);
        BinaryPrimitives.WriteUInt64BigEndian(message[9..], Heard);
    }

    public static bool TryRead(ReadOnlySpan<byte> message, out InterestHead head, out ReadOnlySpan<byte> frames)
    {
        head = default;
        frames = default;
        if (message.Length < Length || message[0] != First)
            return false;
        head = new() { Session = BinaryPrimitives.ReadUInt64BigEndian(message[1..]), Heard = BinaryPrimitives.ReadUInt64BigEndian(message[9..]) };
        frames = message[Length..];
        return head.Session >> CountBits is > 0 and <= uint.MaxValue;
    }
}
