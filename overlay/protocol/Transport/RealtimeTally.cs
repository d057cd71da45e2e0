namespace WeCan.Protocol.Transport;

/// <summary>
/// What this node counts of Realtime packets to and from one other node: as the origin of what goes there,
/// and as the destination of what comes from there. Each packet counts once, over however many routes it goes.
/// </summary>
internal sealed class RealtimeTally
{
    /// <summary>Packets that applications gave for it.</summary>
    public long Offered { get; set; }

    /// <summary>Those that left; the rest waits, or its time ran out before.</summary>
    public long Sent { get; set; }

    /// <summary>Packets that it had offered, as far as the numbers of those that came show: what is missing between two that came is among them.</summary>
    public long Expected { get; set; }

    /// <summary>Packets that came from it before their deadline.</summary>
    public long InTime { get; set; }

    /// <summary>And after it.</summary>
    public long Late { get; set; }

    /// <summary>Packets of messages that applications took before their deadline.</summary>
    public long Delivered { get; set; }
}
