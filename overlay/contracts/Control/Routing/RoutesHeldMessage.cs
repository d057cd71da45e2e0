using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// The node has applied this version of its routes and has it on its disk; or, where <see cref="WantsAll"/> is set, it got
/// something that does not follow from what it holds, which is this, and asks for the whole.
/// </summary>
public sealed record RoutesHeldMessage(RoutesVersion Version, bool WantsAll) : ControlMessage
{
    public override ControlKind Kind => ControlKind.RoutesHeld;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        RoutesVersion version = default;
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
        message = new RoutesHeldMessage(version, wantsAll);
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
