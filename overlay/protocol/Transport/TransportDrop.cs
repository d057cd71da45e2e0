namespace WeCan.Protocol.Transport;

/// <summary>Why the transport let something go. Every drop is counted under one of these.</summary>
public enum TransportDrop
{
    /// <summary>Bytes that docs/wire-format.md, section 7, does not allow.</summary>
    Malformed = 0,

    /// <summary>A packet in a class that its type does not travel in, or not the class of its flow.</summary>
    WrongClass = 1,

    /// <summary>From, or about, an earlier life of a node.</summary>
    StaleLife = 2,

    /// <summary>For a flow that this node does not know.</summary>
    UnknownFlow = 3,

    /// <summary>A segment, packet or confirmation that came before.</summary>
    Duplicate = 4,

    /// <summary>A segment beyond the credit that was given.</summary>
    BeyondCredit = 5,

    /// <summary>The receive memory of the node or of the origin's share was full.</summary>
    NoReceiveMemory = 6,

    /// <summary>No room for another flow.</summary>
    TooManyFlows = 7,

    /// <summary>Segments that contradict each other.</summary>
    Contradiction = 8,

    /// <summary>Realtime, received after its deadline or not taken by the application before it.</summary>
    Late = 9,

    /// <summary>Realtime, waiting to be sent when its deadline passed.</summary>
    ExpiredBeforeSending = 10,

    /// <summary>Realtime, the stalest of a full send queue.</summary>
    SendQueueFull = 11,

    /// <summary>Realtime, the stalest of a full receive queue.</summary>
    ReceiveQueueFull = 12,

    /// <summary>Realtime, a message still incomplete at its deadline.</summary>
    Incomplete = 13,

    /// <summary>Realtime, an incomplete message that gave way to newer ones.</summary>
    JoinsFull = 14,

    /// <summary>An answer (RESET) that was not sent because its budget was spent.</summary>
    AnswerBudget = 15,

    /// <summary>
    /// Of a flow that ended: received and no whole message yet, or Realtime that waited to be sent or came after the end. Also
    /// a message that its origin cut off when it took this destination out.
    /// </summary>
    FlowEnded = 16,

    /// <summary>Realtime over two paths, or to several sets of edges: a message that went out over one of them, or to one, and not to all.</summary>
    CopyShed = 17,

    /// <summary>A multicast, while this node has no place in the edge index.</summary>
    NoEdge = 18,

    /// <summary>Realtime, given up for a message of a higher priority when the send memory was full.</summary>
    GaveWay = 19,

    /// <summary>Realtime to many, whose flow had no destination when its turn came.</summary>
    NoAudience = 20,

    /// <summary>In the clear, from a node from which nothing may come so, or to one.</summary>
    Unsealed = 21,

    /// <summary>Sealed, for a session that this node has not, or no more; or from a node with which it seals nothing.</summary>
    UnknownSeal = 22,

    /// <summary>Sealed, and then changed, or by somebody else, or for another node or class.</summary>
    SealBroken = 23,

    /// <summary>Sealed, and opened before, or so far behind that nobody knows.</summary>
    SealReplayed = 24,

    /// <summary>A sealing handshake's message that is not the peer's, not new, or gives way to this node's own.</summary>
    SealingRefused = 25,

    /// <summary>A sealing handshake's message beyond what this node computes for one peer, or for all.</summary>
    SealingBudget = 26,
}
