namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// What stands before each frame, so that a reader knows when it has all of it: its length in 7 bits a byte, the lowest first, the
/// eighth bit set where more follow; at most four bytes. A writer may use more bytes than needed.
/// </summary>
internal static class FrameHead
{
    public const int MaxBytes = 4;

    /// <summary>Bytes for any length up to this.</summary>
    public static int WidthOf(int longest) => longest < 1 << 7 ? 1 : longest < 1 << 14 ? 2 : longest < 1 << 21 ? 3 : MaxBytes;

    public static void Write(Span<byte> head, int length)
    {
        for (var index = 0; index < head.Length; index++)
        {
            head[index] = (byte)((length & 0x7F) | (index < head.Length - 1 ? 0x80 : 0));
            length >>= 7;
        }
    }

    public static FrameResult TryRead(ReadOnlySpan<byte> bytes, out int length, out int width)
    {
        length = 0;
        for (width = 0; width < bytes.Length && width < MaxBytes; width++)
        {
            length |= (bytes[width] & 0x7F) << (7 * width);
            if ((bytes[width] & 0x80) != 0)
                continue;
            width++;
            return length is 0 or > FrameLimits.MaxPayload + FrameLimits.MaxOverhead ? FrameResult.Malformed : FrameResult.Read;
        }

        return width == MaxBytes ? FrameResult.Malformed : FrameResult.Incomplete;
    }
}
