namespace WeCan.Protocol;

/// <summary>Why bytes or packets were let go. Every drop in the protocol is counted under one of these, and each is a metric's label.</summary>
public enum DropReason
{
    /// <summary>A datagram whose first byte names no type, or that is too short or too long for its type.</summary>
    MalformedDatagram,

    /// <summary>A sealed datagram for a LinkId that nobody has here.</summary>
    UnknownLink,

    /// <summary>A sealed datagram that its key does not open.</summary>
    NotAuthentic,

    /// <summary>A packet number seen before, or too old to tell.</summary>
    Replayed,

    /// <summary>A frame that cannot be read; what stood before it in its packet counts.</summary>
    MalformedFrame,

    /// <summary>A frame type that this version does not know and cannot skip.</summary>
    UnknownFrame,

    /// <summary>An acknowledgement of what was never sent.</summary>
    ImpossibleAck,

    /// <summary>A symbol that the link had delivered already.</summary>
    DuplicateSymbol,

    /// <summary>A piece whose other half never came, or came too late.</summary>
    OrphanPiece,

    /// <summary>A repair of symbols that came and are forgotten or lie too far away, or one that no buffer was left for.</summary>
    UselessRepair,

    /// <summary>A symbol solved from repairs that cannot be what was sent: the peer's repairs contradict what it sent.</summary>
    FalseRepair,

    /// <summary>A handshake message whose first check failed: a stranger, or bytes at random.</summary>
    HandshakeRefused,

    /// <summary>A well-made initiation by someone who is no member.</summary>
    NotAMember,

    /// <summary>An initiation that is a copy of an earlier one.</summary>
    HandshakeReplayed,

    /// <summary>An initiation that crossed this node's own to the same peer, which goes on.</summary>
    HandshakeCrossed,

    /// <summary>A handshake message that came while as many answers as are kept waited to be sent.</summary>
    TooManyHandshakes,

    /// <summary>An initiation while under load, answered by a cookie only.</summary>
    CookieDemanded,

    /// <summary>An initiation with no protocol version in common.</summary>
    NoCommonVersion,

    /// <summary>A client's initiation whose token is not valid.</summary>
    TokenRefused,

    /// <summary>More peers or links than the node's bound.</summary>
    TooManyLinks,

    /// <summary>A path header that cannot be read.</summary>
    MalformedPath,

    /// <summary>A packet that was not for this node, or not from the peer that its route names.</summary>
    MisroutedPacket,

    /// <summary>A packet whose hop budget is spent.</summary>
    HopsSpent,

    /// <summary>A packet whose next hop has no link that can be used, and that no detour leads around it. Of a multicast packet each destination counts.</summary>
    NoLink,

    /// <summary>A packet that may make no further detour: it lists as many failed links as it can, or has no room for a longer head.</summary>
    DetoursSpent,

    /// <summary>A multicast packet that came back to its origin, or a destination that lies back where it came from.</summary>
    Looped,

    /// <summary>A multicast destination whose index this node cannot tell the edge of.</summary>
    UnknownEdge,

    /// <summary>On the link between a client and its edge, anything but their transport's packets.</summary>
    UnsupportedKind,

    /// <summary>A class queue was full, and this packet was the stalest of the lowest priority.</summary>
    QueueFull,

    /// <summary>The node's packet memory was spent.</summary>
    OutOfBuffers,

    /// <summary>A Realtime packet whose deadline had passed or could not be met.</summary>
    Expired,

    /// <summary>A Realtime packet that was let go early, with time left, as more came than goes: the link is overloaded.</summary>
    Shed,

    /// <summary>What a link held when it died or was replaced.</summary>
    LinkDied,
}
