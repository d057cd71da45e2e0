namespace WeCan.Protocol.Transport;

/// <summary>Why a flow came to its end, as the side that is told sees it.</summary>
public enum FlowEndReason : byte
{
    None = 0,

    /// <summary>The origin closed the flow after everything was confirmed, or gave it up. Seen by the destination.</summary>
    Closed = 1,

    /// <summary>The node at the other end runs in a later life than the one that the flow was bound to.</summary>
    Restarted = 2,

    /// <summary>The destination, in the same life, no longer knows the flow: it was idle for too long, or its number was too old to be opened.</summary>
    Forgotten = 3,

    /// <summary>The destination had no room for another flow; it took nothing of this one and never will.</summary>
    Refused = 4,

    /// <summary>The destination found the flow's bytes to break the protocol.</summary>
    Rejected = 5,

    /// <summary>Messages waited and nothing was heard from the destination for the time that the options allow.</summary>
    Unreachable = 6,

    /// <summary>The destination was taken out of the membership.</summary>
    Revoked = 7,

    /// <summary>Nothing came on the flow for longer than a living origin stays silent. Seen by the destination.</summary>
    Idle = 8,

    /// <summary>A multicast's destination was so far behind the others that the flow could keep no more for it.</summary>
    TooSlow = 9,

    /// <summary>
    /// Nothing may go to the destination in the clear, and no sealed session with it came about in the time that the options
    /// allow; of a multicast's destination, that it requires sealing now.
    /// </summary>
    NotSealed = 10,

    /// <summary>The link between a client and its edge is gone, and with it every flow over it.</summary>
    LinkGone = 11,
}
