namespace WeCan.MessageBus;

/// <summary>What went wrong, for programs; the words are in the exception's message.</summary>
public enum BusError
{
    /// <summary>The bus has failed, or was disposed of.</summary>
    Failed = 0,

    /// <summary>The client's token does not allow it.</summary>
    NotAllowed = 1,

    /// <summary>No subject, or no pattern.</summary>
    BadName = 2,

    /// <summary>The payload is longer than the edge takes.</summary>
    TooLong = 3,

    /// <summary>The client has as many of these as it may, or asks for too many at a time.</summary>
    TooMany = 4,

    /// <summary>Subscribers that push back are so far behind that no more can be taken for them.</summary>
    Overloaded = 5,

    /// <summary>The edges that know the space's subscribers cannot be reached.</summary>
    Unavailable = 6,

    /// <summary>An answer was asked for, and nobody is subscribed.</summary>
    NoResponders = 7,

    /// <summary>The client's token has ended.</summary>
    TokenEnded = 64,

    /// <summary>The edge does not speak this library's version of the client protocol.</summary>
    OtherVersion = 65,

    /// <summary>The client's token was taken back before its end, or the key that signed it.</summary>
    TokenRevoked = 66,

    /// <summary>The client's space is pinned to regions, and its edge is in none of them.</summary>
    OtherRegion = 67,
}
