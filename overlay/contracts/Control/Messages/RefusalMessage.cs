using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The controller does not do what a message of the node asked for, and why. The session goes on.</summary>
public sealed record RefusalMessage(ControlKind Refused, string Text) : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2);

    public override ControlKind Kind => ControlKind.Refusal;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        uint refused = 0;
        var text = "";
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadUInt32(out refused) && refused <= int.MaxValue,
                2 => ControlFormat.TryReadText(ref reader, ControlLimits.MaxText, out text),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new RefusalMessage((ControlKind)refused, text);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteField(1, (long)Refused);
        writer.WriteInteger(2);
        writer.WriteString(ControlFormat.Fit(Text, ControlLimits.MaxText));
    }
}
