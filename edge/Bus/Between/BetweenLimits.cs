using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.Protocol.Wire;

namespace WeCan.Edge.Bus.Between;

/// <summary>What an edge keeps for its bus's talk with other edges: tuning, but for what the frames may hold.</summary>
internal static class BetweenLimits
{
    /// <summary>All of a message's frame but its payload.</summary>
    public const int MaxHead = FrameLimits.MaxOverhead;

    /// <summary>Of a payload so much goes in one message of a flow; what is over follows by itself.</summary>
    public const int MaxFirstPart = WireLimits.MaxMessage - MaxHead;

    /// <summary>Spaces that one frame names as having lost messages; then it says that any may have.</summary>
    public const int MaxLostSpaces = 64;

    /// <summary>Reliable messages of one publisher that wait here for its subscribers' edges to be known, or for room; then its client is stopped.</summary>
    public const int MaxHeldOfOne = 256;

    /// <summary>The same in bytes.</summary>
    public const int MaxHeldBytesOfOne = 1 << 20;

    /// <summary>What came before the client was stopped, or from one that cannot be, is kept up to this; the next is refused.</summary>
    public const int MostHeldBytesOfOne = 16 << 20;

    /// <summary>Of all publishers; what comes then is refused.</summary>
    public const long MaxHeldBytes = 64L << 20;

    /// <summary>Messages of one publisher that are sent in its turn before the next has his.</summary>
    public const int HeldAtATime = 32;

    /// <summary>Realtime flows to other edges, of all publishers; the one that rested longest is closed for another.</summary>
    public const int MaxRealtimeFlows = 1_024;

    /// <summary>
    /// A publisher's messages go over the flow of another priority only when all before have been confirmed for so long: what was
    /// confirmed may still wait at its destination to be handed out, and nothing may pass it.
    /// </summary>
    public static readonly Duration PriorityRest = Duration.FromSeconds(2);

    /// <summary>What waits without a sign that would move it is looked at so often.</summary>
    public static readonly Duration Look = Duration.FromMilliseconds(500);

    /// <summary>A Realtime message's longest deadline.</summary>
    public static readonly Duration MaxDeadline = Duration.FromMilliseconds(FrameLimits.MaxDeadlineMilliseconds);
}
