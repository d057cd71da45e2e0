namespace WeCan.MessageBus;

/// <summary>When <see cref="Bus.PublishAsync"/> completes.</summary>
public enum Completion
{
    /// <summary>Every edge with a subscriber that was confirmed before has the message.</summary>
    Confirmed = 0,

    /// <summary>The client's own edge has taken it. What it refuses after that nobody is told.</summary>
    Accepted = 1,
}
