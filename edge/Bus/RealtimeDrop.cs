namespace WeCan.Edge.Bus;

/// <summary>Why a Realtime message was let go of. They are counted, and nobody is told of each.</summary>
internal enum RealtimeDrop : byte
{
    /// <summary>Its time was up.</summary>
    Late = 0,

    /// <summary>The subscriber's connection is lost.</summary>
    NoConnection = 1,

    /// <summary>What waits for the subscriber, or for other edges, has taken all the room that there is for it.</summary>
    NoRoom = 2,

    /// <summary>It is not known now which other edges want it.</summary>
    NotInStep = 3,
}
