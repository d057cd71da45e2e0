using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Messages;

/// <summary>
/// What leads from one version of the membership to a later one, in order. Only who holds exactly <see cref="From"/> applies
/// it. Of a member that changed more than once in between, the last change alone is in it.
/// </summary>
public sealed record DeltaMessage(MembershipVersion From, MembershipVersion To, IReadOnlyList<MemberChange> Changes) : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3);

    public override ControlKind Kind => ControlKind.Delta;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        MembershipVersion from = default, to = default;
        IReadOnlyList<MemberChange> changes = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => ControlFormat.TryReadVersion(ref reader, out from),
                2 => ControlFormat.TryReadVersion(ref reader, out to),
                3 => ControlFormat.TryReadList(ref reader, MemberChange.TryRead, int.MaxValue, out changes),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required) || to.Number <= from.Number)
            return false;
        message = new DeltaMessage(from, to, changes);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteInteger(1);
        ControlFormat.WriteVersion(ref writer, From);
        writer.WriteInteger(2);
        ControlFormat.WriteVersion(ref writer, To);
        writer.WriteInteger(3);
        writer.WriteArrayHeader(Changes.Count);
        foreach (var change in Changes)
            change.Write(ref writer);
    }
}
