namespace WeCan.MessageBus;

/// <summary>How a subscription is served.</summary>
public sealed record SubscriptionOptions
{
    internal static readonly SubscriptionOptions Default = new();

    /// <summary>What goes when its reader is so far behind that the edge can keep no more for it.</summary>
    public Overload Overload { get; init; } = Overload.DropOldest;

    /// <summary>
    /// Called as soon as the edge tells of messages that did not come, before the next one that does. It holds up the bus while it
    /// runs, and must not throw.
    /// </summary>
    public Action<Gap>? OnGap { get; init; }
}
