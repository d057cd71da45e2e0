namespace WeCan.Edge.Tunnels.Streams;

/// <summary>Where a connection of a tunnel stands.</summary>
internal enum StreamState
{
    /// <summary>At the entry: the exit has not answered. At the exit: the target has not.</summary>
    Opening,

    Open,

    /// <summary>The local end is gone; a last word to the other edge waits for its flow.</summary>
    Leaving,

    Ended,
}
