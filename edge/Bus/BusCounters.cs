using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus;

/// <summary>What the bus of an edge did since it started. Written on the loop's thread; others may read at any time.</summary>
internal sealed class BusCounters
{
    private readonly long[] _tokens = new long[(int)TokenFault.Revoked + 1];
    private readonly long[] _refused = new long[(int)RefusalReason.BadNumber + 1];

    /// <summary>Messages that clients of this edge published.</summary>
    public long MessagesIn { get; set; }

    /// <summary>Messages handed to subscriptions, each counted for each.</summary>
    public long MessagesOut { get; set; }

    public long Refused(RefusalReason reason) => _refused[(int)reason];

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;

    /// <summary>Clients that were not let in, by what was wrong with their tokens.</summary>
    public long RefusedTokens(TokenFault fault) => _tokens[(int)fault];

    public void RefuseToken(TokenFault fault) => _tokens[(int)fault]++;
}
