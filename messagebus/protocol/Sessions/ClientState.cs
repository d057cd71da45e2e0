namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>How a client stands to its edge.</summary>
internal enum ClientState : byte
{
    /// <summary>No connection.</summary>
    Offline = 0,

    /// <summary>There is a connection, and the edge has not answered yet.</summary>
    Greeting = 1,

    /// <summary>What is said is heard.</summary>
    Ready = 2,
}
