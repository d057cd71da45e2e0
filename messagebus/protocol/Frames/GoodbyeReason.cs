namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>Why an end lets a connection go. The numbers go over the wire.</summary>
internal enum GoodbyeReason : byte
{
    /// <summary>The client wants nothing more; its session is over too.</summary>
    Done = 1,

    /// <summary>The edge stops: the client may go on at another.</summary>
    Draining = 2,

    /// <summary>The client's token has run out.</summary>
    TokenEnded = 3,

    /// <summary>What came was no frame, or none that may come now.</summary>
    Malformed = 4,

    /// <summary>The edge does not speak the version that the client asked for.</summary>
    OtherVersion = 5,

    /// <summary>The session goes on over another connection.</summary>
    Replaced = 6,

    /// <summary>The client does not take what is sent to it, or sends more than it may.</summary>
    Overloaded = 7,

    /// <summary>The client's token was taken back, or the key that signed it.</summary>
    TokenRevoked = 8,

    /// <summary>The client's space is pinned to regions, and the edge is in none of them: the client may go to another edge.</summary>
    OtherRegion = 9,

    /// <summary>The client has a connection and does not greet.</summary>
    Silent = 10,
}
