using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Access;

/// <summary>
/// An edge has this version of the access to the bus on its disk; or, where <see cref="WantsAll"/> is set, it got something that does not follow
/// from what it holds, which is this, and asks for the whole. The first one in a session asks to be led on from there: who says none is told nothing.
/// </summary>
public sealed record AccessHeldMessage(AccessVersion Version, bool WantsAll) : ControlMessage
{
    public override ControlKind Kind => ControlKind.AccessHeld;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        AccessVersion version = default;
        var wantsAll = false;
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadVersion(ref reader, out version),
                2 => reader.TryReadBoolean(out wantsAll),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended((1 << 1) | (1 << 2)))
            return false;
        message = new AccessHeldMessage(version, wantsAll);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(2);
        writer.WriteInteger(1);
        ControlFormat.WriteVersion(ref writer, Version);
        writer.WriteInteger(2);
        writer.WriteBoolean(WantsAll);
    }
}
