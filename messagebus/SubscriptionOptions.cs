namespace WeCan.MessageBus;

/// <summary>How a subscription is served.</summary>
public sealed record SubscriptionOptions
{
    internal static readonly SubscriptionOptions Default = new();

    /// <summary>What goes when its reader is so far behind that the edge can keep no more for it.</summary>
    public Overload Overload { get; init; } = Overload.DropOldest;

    /// <summary>
    /// The queue group that it is a member of, 1 to 255 bytes; null for none. Of all members of that name in the space one gets each message: the one
    /// with the least to do. What a member's client has not received when it goes, another gets; so a message may come to
    /// two, when only the word that it came was lost, and in no promised order.
    /// </summary>
    public string? Group { get; init; }

    /// <summary>
    /// Called as soon as the edge tells of messages that did not come, before the next one that does. It holds up the bus while it
    /// runs, and must not throw.
    /// </summary>
    public Action<Gap>? OnGap { get; init; }
}
