namespace WeCan.Contracts.Control.Messages;

/// <summary>Why a session ends. The values are the wire's; one that a reader does not know is <see cref="Other"/> to it.</summary>
public enum GoodbyeReason
{
    Other = 0,

    /// <summary>Who says it stops, or starts anew.</summary>
    Stopping = 1,

    /// <summary>Something came that cannot be read, or that nobody may say at this point.</summary>
    Malformed = 2,

    /// <summary>The two belong to different networks.</summary>
    OtherNetwork = 3,

    /// <summary>The controller has no member of this number and key: it was revoked, has expired, or never was.</summary>
    NotAMember = 4,

    /// <summary>A later session of the same node took this one's place.</summary>
    Superseded = 5,

    /// <summary>More was asked for than is allowed.</summary>
    TooMuch = 6,

    /// <summary>The two speak no common version of this protocol.</summary>
    OtherProtocol = 7,

    /// <summary>The controller cannot keep what it should, a full disk for example.</summary>
    Unwell = 8,

    /// <summary>Another controller leads: the node is to ask the next one that it knows.</summary>
    NotLeader = 9,
}
