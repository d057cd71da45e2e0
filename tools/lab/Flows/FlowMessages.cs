using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Flows;

/// <summary>
/// What the flows carry: a message's number and due time, then bytes that follow from the number, so that its destination knows each
/// message's length and content by heart.
/// <code>
/// | number (8) | due (8), ns on LocalTime | content |
/// </code>
/// </summary>
internal sealed class FlowMessages(ServiceClass serviceClass)
{
    public const int MaxBytes = 1 << 20;

    private const int HeaderBytes = 16;
    private const int SmallestSignal = 32;
    private const int LargestUsualSignal = 4_096;
    private const int LongSignal = 64 << 10;
    private const int LongEvery = 100;
    private const int LongestAt = 300;
    private const int Shifts = 4_096;

    private static readonly byte[] Content = MakeContent();

    /// <summary>Signal: mostly small, some of 64 KiB, and one of 1 MiB, the longest there is. Realtime: always the same.</summary>
    public int LengthOf(long number)
    {
        if (serviceClass == ServiceClass.Realtime)
            return LabLimits.RealtimeBytes;
        if (number == LongestAt)
            return MaxBytes;
        if (number % LongEvery == LongEvery / 2)
            return LongSignal;
        var scale = (double)LargestUsualSignal / SmallestSignal;
        return (int)(SmallestSignal * Math.Pow(scale, new WanRandom((ulong)number).Uniform()));
    }

    public int Write(long number, long dueNanoseconds, Span<byte> buffer)
    {
        var length = LengthOf(number);
        BinaryPrimitives.WriteInt64BigEndian(buffer, number);
        BinaryPrimitives.WriteInt64BigEndian(buffer[8..], dueNanoseconds);
        ContentOf(number, length).CopyTo(buffer[HeaderBytes..]);
        return length;
    }

    /// <summary>False when it is not, byte for byte, what was sent.</summary>
    public bool TryRead(ReadOnlySpan<byte> message, out long number, out long dueNanoseconds)
    {
        number = dueNanoseconds = 0;
        if (message.Length < HeaderBytes)
            return false;
        number = BinaryPrimitives.ReadInt64BigEndian(message);
        dueNanoseconds = BinaryPrimitives.ReadInt64BigEndian(message[8..]);
        return number is >= 0 and < LabLimits.MaxMessages
            && message.Length == LengthOf(number)
            && message[HeaderBytes..].SequenceEqual(ContentOf(number, message.Length));
    }

    private static ReadOnlySpan<byte> ContentOf(long number, int length) =>
        Content.AsSpan((int)(number % Shifts), length - HeaderBytes);

    private static byte[] MakeContent()
    {
        var random = new WanRandom(1);
        var content = new byte[MaxBytes + Shifts];
        for (var i = 0; i + 8 <= content.Length; i += 8)
            BinaryPrimitives.WriteUInt64BigEndian(content.AsSpan(i), random.NextUInt64());
        return content;
    }
}
