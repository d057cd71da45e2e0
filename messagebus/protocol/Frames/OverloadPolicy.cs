namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>What becomes of messages for a subscription whose reader is behind. The numbers go over the wire.</summary>
internal enum OverloadPolicy : byte
{
    /// <summary>The oldest that wait go.</summary>
    DropOldest = 1,

    /// <summary>Those of the lowest priority go, the oldest of them first.</summary>
    DropLowest = 2,

    /// <summary>Of each subject the newest stays.</summary>
    KeepLatest = 3,

    /// <summary>All stay, and whoever published what is too much waits for its confirmation.</summary>
    PushBack = 4,
}
