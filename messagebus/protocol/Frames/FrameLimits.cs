namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>The bounds of what clients and edges say to each other. Who reads refuses what is beyond.</summary>
internal static class FrameLimits
{
    /// <summary>The protocol that is spoken here; an edge answers in the same, or refuses it by name.</summary>
    public const uint Version = 1;

    /// <summary>The longest payload of a message that any edge takes; an edge may set less.</summary>
    public const int MaxPayload = 1 << 20;

    /// <summary>The longest payload of a Realtime message: what is longer cannot be there in time.</summary>
    public const int MaxRealtimePayload = 256 << 10;

    /// <summary>The longest that a Realtime message may be worth something.</summary>
    public const int MaxDeadlineMilliseconds = 10_000;

    /// <summary>A Realtime message's deadline where nobody says another.</summary>
    public const int DefaultDeadlineMilliseconds = 200;

    /// <summary>Header fields of one message.</summary>
    public const int MaxHeaders = 64;

    /// <summary>All names and values of a message's headers together, as they are written.</summary>
    public const int MaxHeaderBytes = 16 << 10;

    /// <summary>A message's id, as its publisher wrote it.</summary>
    public const int MaxMessageId = 128;

    /// <summary>A queue group's name, and a reason in words.</summary>
    public const int MaxWords = 255;

    /// <summary>All of a message's frame but its payload, generously: a reader that waits for more than this waits for nothing.</summary>
    public const int MaxOverhead = MaxHeaderBytes + 2_048;

    /// <summary>Subscriptions of one client to which one frame hands a message; more get frames of their own.</summary>
    public const int MaxTargets = 64;
}
