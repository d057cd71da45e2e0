using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// A LIFE frame: docs/wire-format.md, section 5.10. What is read is within the bounds that stand there, whatever the peer wrote.
/// <code>
/// +------+-----------+-------------+-----------+-----------+-----------+
/// | 0x07 | flags (1) | promise (2) | wish  (2) | loss  (2) | burst (1) |
/// +------+-----------+-------------+-----------+-----------+-----------+
/// </code>
/// </summary>
/// <param name="AsksForAnswer">The sender hears nothing: a datagram is to go back at once.</param>
/// <param name="Promise">The longest pause that the sender will make.</param>
/// <param name="Wish">The longest pause that it would like the receiver to make.</param>
/// <param name="Loss">The share of the receiver's datagrams that it missed.</param>
/// <param name="Burst">How many of them in a row, on average; at least 1.</param>
internal readonly record struct LifeFrame(bool AsksForAnswer, Duration Promise, Duration Wish, double Loss, double Burst)
{
    public const int Length = 1 + 1 + 2 + 2 + 2 + 1;

    private const byte AnswerFlag = 0x01;
    private const double BurstSteps = 8;

    public static readonly Duration ShortestPromise = Duration.FromMilliseconds(10);

    public static readonly Duration ShortestWish = Duration.FromMilliseconds(20);

    public static readonly Duration Longest = Duration.FromSeconds(30);

    /// <summary>Reads the frame behind its type byte.</summary>
    public static bool TryRead(scoped ref WireReader reader, out LifeFrame frame)
    {
        frame = default;
        if (!reader.TryReadByte(out var flags) || (flags & ~AnswerFlag) != 0 || !reader.TryReadUInt16(out var promise) ||
            !reader.TryReadUInt16(out var wish) || !reader.TryReadUInt16(out var loss) || !reader.TryReadByte(out var burst))
            return false;
        frame = new(
            flags != 0,
            Clamp(promise, ShortestPromise),
            Clamp(wish, ShortestWish),
            loss / (double)ushort.MaxValue,
            Math.Max(1, burst / BurstSteps));
        return true;
    }

    public void Write(ref WireWriter writer)
    {
        writer.WriteByte(FrameType.Life);
        writer.WriteByte(AsksForAnswer ? AnswerFlag : (byte)0);
        writer.WriteUInt16((ushort)Promise.Milliseconds);
        writer.WriteUInt16((ushort)Wish.Milliseconds);
        writer.WriteUInt16((ushort)(Math.Clamp(Loss, 0, 1) * ushort.MaxValue));
        writer.WriteByte((byte)Math.Clamp(Math.Round(Burst * BurstSteps), BurstSteps, byte.MaxValue));
    }

    private static Duration Clamp(ushort milliseconds, Duration least) =>
        Duration.Min(Longest, Duration.Max(least, Duration.FromMilliseconds(milliseconds)));
}
