namespace WeCan.Protocol.Wire;

/// <summary>
/// Which part of its message a segment is, alike in STREAM and MULTICAST packets (docs/wire-format.md, sections 7.1 and 7.5):
/// the flags B and E of the type byte, and a field with the message's length where B stands without E.
/// <code>
///   . . . . . E B .     B: begins a message    E: ends a message
/// </code>
/// </summary>
/// <param name="MessageLength">The whole message's length in the first segment of several, otherwise zero.</param>
internal readonly record struct MessagePart(bool Begins, bool Ends, int MessageLength)
{
    /// <summary>What the length takes at most.</summary>
    public const int MaxLength = 4;

    private const byte BeginsFlag = 0x02;
    private const byte EndsFlag = 0x04;

    /// <summary>The only segment of its message.</summary>
    public static MessagePart Whole => new(true, true, 0);

    public bool IsFirstOfSeveral => Begins && !Ends;

    public byte Flags => (byte)((Begins ? BeginsFlag : 0) | (Ends ? EndsFlag : 0));

    /// <summary>The part that a segment is of a message that is cut into so many.</summary>
    public static MessagePart Of(int index, int count, int messageLength) =>
        new(index == 0, index == count - 1, index == 0 && count > 1 ? messageLength : 0);

    /// <summary>Reads the length, where the type byte says that there is one.</summary>
    public static bool TryRead(byte type, ref WireReader reader, out MessagePart part)
    {
        part = new MessagePart((type & BeginsFlag) != 0, (type & EndsFlag) != 0, 0);
        if (!part.IsFirstOfSeveral)
            return true;
        if (!reader.TryReadVarInt(out var length) || length > WireLimits.MaxMessage)
            return false;
        part = part with { MessageLength = (int)length };
        return true;
    }

    /// <summary>Writes the length, where there is one.</summary>
    public void WriteLength(ref WireWriter writer)
    {
        if (IsFirstOfSeveral)
            writer.WriteVarInt((ulong)MessageLength);
    }
}
