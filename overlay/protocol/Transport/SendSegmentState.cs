namespace WeCan.Protocol.Transport;

/// <summary>Where a kept segment stands.</summary>
internal enum SendSegmentState : byte
{
    /// <summary>Not sent yet.</summary>
    Queued = 0,

    InFlight = 1,

    /// <summary>Taken for lost: to be sent again.</summary>
    Lost = 2,

    /// <summary>The destination has it, and still lacks one before it.</summary>
    Received = 3,
}
