using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus;

/// <summary>What the bus of an edge did since it started. Written on the loop's thread; others may read at any time.</summary>
internal sealed class BusCounters
{
    private readonly long[] _refused = new long[(int)RefusalReason.BadNumber + 1];

    /// <summary>Messages that clients of this edge published.</summary>
    public long MessagesIn { get; set; }

    /// <summary>Messages handed to subscriptions, each counted for each.</summary>
    public long MessagesOut { get; set; }

    public long Refused(RefusalReason reason) => _refused[(int)reason];

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;
}
