namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>The ways by which a client reaches an edge.</summary>
internal enum AccessKind : byte
{
    /// <summary>The link protocol, over UDP.</summary>
    Native = 0,

    /// <summary>A WebSocket on TLS.</summary>
    WebSocket = 1,
}
