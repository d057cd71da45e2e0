namespace WeCan.Protocol.Clients;

/// <summary>Where a <see cref="ClientSession"/> stands.</summary>
public enum ClientSessionState : byte
{
    /// <summary>It calls the edge, again and again until it answers: an edge that refuses the token says nothing.</summary>
    Connecting = 0,

    /// <summary>Its link to the edge stands.</summary>
    Connected = 1,

    /// <summary>It was closed from this side.</summary>
    Closed = 2,
}
