using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>The node has applied this version of the membership and has it on its disk.</summary>
public sealed record AckMessage(MembershipVersion Version) : ControlMessage
{
    public override ControlKind Kind => ControlKind.Ack;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        MembershipVersion version = default;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field == 1 ? ControlFormat.TryReadVersion(ref reader, out version) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(1 << 1))
            return false;
        message = new AckMessage(version);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        ControlFormat.WriteVersion(ref writer, Version);
    }
}
