using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The node is about to go, or has changed its mind.</summary>
public sealed record DrainingMessage(bool IsOn) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Draining;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        var isOn = false;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? reader.TryReadBoolean(out isOn) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(1 << 1))
            return false;
        message = new DrainingMessage(isOn);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        writer.WriteBoolean(IsOn);
    }
}
