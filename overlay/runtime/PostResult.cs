namespace WeCan.Runtime;

/// <summary>What became of a command handed to the loop.</summary>
public enum PostResult
{
    /// <summary>It will run, unless the loop stops first.</summary>
    Accepted = 0,

    /// <summary>As many commands wait as the queue holds: the caller holds back or tries again.</summary>
    QueueFull = 1,

    /// <summary>The loop has stopped, or is about to.</summary>
    Stopped = 2,
}
