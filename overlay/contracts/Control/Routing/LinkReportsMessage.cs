using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// What a node measures on its links. The first of a session is full: what is not named in it, or in those that follow it up to
/// the last, is no link. From then on a report names what has changed, and one that names nothing says that all is as it was.
/// </summary>
public sealed record LinkReportsMessage(bool IsFull, bool IsLast, IReadOnlyList<LinkReport> Links) : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3);

    /// <summary>The shortest link in bytes: [peer, 0].</summary>
    private const int LeastLink = 3;

    public override ControlKind Kind => ControlKind.LinkReports;

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        var isFull = false;
        var isLast = false;
        IReadOnlyList<LinkReport> links = [];
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            var isRead = field switch
            {
                1 => reader.TryReadBoolean(out isFull),
                2 => reader.TryReadBoolean(out isLast),
                3 => ControlFormat.TryReadList(ref reader, LinkReport.TryRead, ControlLimits.MaxLinksInReport, LeastLink, out links),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = new LinkReportsMessage(isFull, isLast, links);
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(3);
        writer.WriteInteger(1);
        writer.WriteBoolean(IsFull);
        writer.WriteInteger(2);
        writer.WriteBoolean(IsLast);
        writer.WriteInteger(3);
        writer.WriteArrayHeader(Links.Count);
        foreach (var link in Links)
            link.Write(ref writer);
    }
}
