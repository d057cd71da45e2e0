namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>What became of reading a frame.</summary>
internal enum FrameResult : byte
{
    Read = 0,

    /// <summary>More of it is to come.</summary>
    Incomplete = 1,

    /// <summary>No frame, and nothing behind it can be found: the connection is over.</summary>
    Malformed = 2,
}
