using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>A segment that a multicast flow's origin keeps: its bytes, once for all destinations, and who still needs them.</summary>
internal struct MulticastSegment
{
    /// <summary>A place of the segment pool; below zero when there are no bytes, or nobody needs them any more.</summary>
    public int Place;

    public MessagePart Part;
    public ushort Length;

    /// <summary>Destinations that have not confirmed it.</summary>
    public int Pending;

    /// <summary>Destinations that have it on their list of holes.</summary>
    public int Missing;

    /// <summary>The message's number in the flow, from 1.</summary>
    public ulong Message;

    /// <summary>The message's destinations by slot, shared by its segments; a slot beyond the array is none.</summary>
    public ulong[]? Targets;

    /// <summary>When it was multicast.</summary>
    public MonoTime SentAt;
}
