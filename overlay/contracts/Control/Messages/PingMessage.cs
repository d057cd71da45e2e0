using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>Asks whether the other side is there; it answers with the same number.</summary>
public sealed record PingMessage(uint Number) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Ping;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        if (!TryReadNumber(ref reader, out var number))
            return false;
        message = new PingMessage(number);
        return true;
    }

    internal static bool TryReadNumber(ref MessagePackReader reader, out uint number)
    {
        number = 0;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? reader.TryReadUInt32(out number) : reader.TrySkip()))
                return false;
        }

        return walk.Ended(1 << 1);
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteField(1, Number);
    }
}
