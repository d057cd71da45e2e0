using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The node got something that does not follow from what it holds, and asks for a snapshot.</summary>
public sealed record ResyncMessage : ControlMessage
{
    public override ControlKind Kind => ControlKind.Resync;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out _))
        {
            if (!reader.TrySkip())
                return false;
        }

        if (!walk.Ended(0))
            return false;
        message = new ResyncMessage();
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer) => writer.WriteMapHeader(0);
}
