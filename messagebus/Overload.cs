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
}
