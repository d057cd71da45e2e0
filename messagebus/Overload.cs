namespace WeCan.MessageBus;

/// <summary>What goes when a subscription's reader is so far behind that its edge can keep no more for it.</summary>
public enum Overload
{
    /// <summary>The oldest messages that wait.</summary>
    DropOldest = 1,

    /// <summary>Those of the lowest priority, the oldest of them first.</summary>
    DropLowest = 2,

    /// <summary>Of each subject only the newest is kept.</summary>
    KeepLatest = 3,

    /// <summary>
    /// Nothing: the publishers of what is too much get no confirmation until it was taken, so they wait. Who takes nothing
    /// for 30 seconds is waited for no longer, and loses the oldest.
    /// </summary>
    PushBack = 4,
}
