namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// What a frame says. Each is <code>[kind, field, field, …]</code> in MessagePack; fields that a reader does not know follow those that
/// it does, and are skipped. The numbers stay.
/// </summary>
internal enum FrameKind : byte
{
    None = 0,

    // Either end.
    Received = 1,
    Ping = 2,
    Pong = 3,
    Goodbye = 4,

    // A client.
    Hello = 16,
    Subscribe = 17,
    Unsubscribe = 18,
    Publish = 19,
    Credit = 20,

    // An edge.
    Welcome = 32,
    Subscribed = 33,
    Refused = 34,
    Message = 35,
    Publisher = 36,
    Confirmed = 37,
    Gap = 38,
    Accepted = 39,
    Realtime = 40,
    Ended = 41,
}
