namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>Why an edge does not do what a client asked for. The numbers go over the wire.</summary>
internal enum RefusalReason : byte
{
    /// <summary>The token does not allow it.</summary>
    NotAllowed = 1,

    /// <summary>No subject, or no pattern; the words say what is wrong with it.</summary>
    BadName = 2,

    /// <summary>The payload is longer than the edge takes.</summary>
    TooLong = 3,

    /// <summary>The client has as many subscriptions as it may, or asks for too many at a time.</summary>
    TooMany = 4,

    /// <summary>What waits to be sent has taken all the room that there is for it.</summary>
    Overloaded = 5,

    /// <summary>The space's home cannot be reached.</summary>
    Unavailable = 6,

    /// <summary>An answer is wanted, and nobody is subscribed who could give one.</summary>
    NoResponders = 7,
}
