using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus;

/// <summary>What the bus of an edge did since it started. Written on the loop's thread; others may read at any time.</summary>
internal sealed class BusCounters
{
    private readonly long[] _tokens = new long[(int)TokenFault.OtherRegion + 1];
    private readonly long[] _missed = new long[(int)GapReason.Lost + 1];
    private readonly long[] _realtime = new long[(int)RealtimeDrop.NotInStep + 1];
    private readonly long[] _ended = new long[(int)GoodbyeReason.Silent + 1];
    private readonly long[] _refused = new long[(int)RefusalReason.NoResponders + 1];

    /// <summary>Messages that clients of this edge published.</summary>
    public long MessagesIn { get; set; }

    /// <summary>Messages handed to subscriptions, each counted for each.</summary>
    public long MessagesOut { get; set; }

    /// <summary>Messages with an id that their client had used before: confirmed, and handed to nobody.</summary>
    public long Repeated { get; set; }

    /// <summary>Messages that the last member of a queue group had not got when it went.</summary>
    public long Orphaned { get; set; }

    /// <summary>Messages that subscriptions were told to have missed.</summary>
    public long Missed(GapReason reason) => _missed[(int)reason];

    public void Miss(GapReason reason, ulong count) => _missed[(int)reason] += (long)count;

    /// <summary>Messages sent to other edges, each once for however many.</summary>
    public long MessagesToEdges { get; set; }

    /// <summary>The edges that they went to, each counted for each.</summary>
    public long EdgesAddressed { get; set; }

    /// <summary>Messages that came from other edges.</summary>
    public long MessagesFromEdges { get; set; }

    /// <summary>Reliable messages that wait here until they can go to other edges.</summary>
    public long Held { get; set; }

    /// <summary>Times that another edge was silent or behind for too long and was cut off.</summary>
    public long EdgesCutOff { get; set; }

    /// <summary>What came from other edges' buses and was nothing that they say.</summary>
    public long BadEdgeFrames { get; set; }

    /// <summary>Realtime messages that were let go of, each counted for each subscriber that is without it.</summary>
    public long Dropped(RealtimeDrop reason) => _realtime[(int)reason];

    public void Drop(RealtimeDrop reason, int subscribers = 1) => _realtime[(int)reason] += subscribers;

    /// <summary>Connections that the edge has ended.</summary>
    public long Ended(GoodbyeReason reason) => _ended[(int)reason];

    public void End(GoodbyeReason reason) => _ended[(int)reason]++;

    public long Refused(RefusalReason reason) => _refused[(int)reason];

    public void Refuse(RefusalReason reason) => _refused[(int)reason]++;

    /// <summary>Clients that were let go of before their tokens ended, as these or their keys were taken back or their spaces are pinned to other regions.</summary>
    public long RevokedClients { get; set; }

    /// <summary>Clients that were not let in, by what was wrong with their tokens.</summary>
    public long RefusedTokens(TokenFault fault) => _tokens[(int)fault];

    public void RefuseToken(TokenFault fault) => _tokens[(int)fault]++;
}
