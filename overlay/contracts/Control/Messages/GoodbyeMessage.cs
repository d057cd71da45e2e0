using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The last frame of a session, from either side: why it ends, and after how many seconds a new one is welcome.</summary>
public sealed record GoodbyeMessage(GoodbyeReason Reason, string Text, uint RetryAfterSeconds) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Goodbye;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        uint reason = 0, retry = 0;
        var text = "";
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadUInt32(out reason),
                2 => ControlFormat.TryReadText(ref reader, ControlLimits.MaxText, out text),
                3 => reader.TryReadUInt32(out retry),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(1 << 1))
            return false;
        message = new GoodbyeMessage(reason <= (uint)GoodbyeReason.NotLeader ? (GoodbyeReason)reason : GoodbyeReason.Other, text, retry);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteField(1, (long)Reason);
        writer.WriteInteger(2);
        writer.WriteString(ControlFormat.Fit(Text, ControlLimits.MaxText));
        writer.WriteField(3, RetryAfterSeconds);
    }
}
