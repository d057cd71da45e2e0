namespace WeCan.Protocol.Transport;

/// <summary>What became of a message, or of a destination, handed to the transport. Unless it was accepted, nothing of it was taken.</summary>
public enum SendResult : byte
{
    Accepted = 0,

    /// <summary>The flow's queue or the node's send memory is full; an event says when to try again.</summary>
    WouldBlock = 1,

    /// <summary>Longer than the transport cuts and joins.</summary>
    TooLong = 2,

    /// <summary>The flow was closed or broken, or the handle names none.</summary>
    Closed = 3,

    /// <summary>A flow to many is given an edge whose node is not known, or that is this node.</summary>
    UnknownEdge = 4,

    /// <summary>The multicast flow would have more destinations than one flow may have.</summary>
    TooManyDestinations = 5,

    /// <summary>A multicast names an edge to which nothing may go in the clear, as every multicast does.</summary>
    NeedsSealing = 6,
}
