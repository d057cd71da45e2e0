namespace WeCan.MessageBus;

/// <summary>How a message is published. The same options may serve any number of messages.</summary>
public sealed record PublishOptions
{
    internal static readonly PublishOptions Default = new();

    /// <summary>Reliable unless said otherwise.</summary>
    public DeliveryMode Mode { get; init; } = DeliveryMode.Reliable;

    /// <summary>So long a Realtime message is worth something, from publishing to reading it: 1 ms to 10 s. Of a Reliable one, see <see cref="TimeToLive"/>.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>0 to 7; under overload the lowest goes first.</summary>
    public int Priority { get; init; } = 3;

    /// <summary>
    /// So long the message is worth something from when its edge has taken it: where it waits longer for a reader that is behind, it is
    /// let go of, and the reader is told of the gap. Null for no end.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The message's own name, at most 128 bytes: an edge confirms a message of the same client to the same subject with an id that it
    /// has seen within two minutes, and hands it to nobody. Null for none.
    /// </summary>
    public string? MessageId { get; init; }

    /// <summary>Handed on with the message as they are, at most 64 of them and 16 KiB; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// The subject that an answer is wanted under, one that this client may subscribe to; null for none. Such a message is refused at once when nobody is
    /// subscribed to its subject, and who gets it may answer once. <see cref="Bus.RequestAsync"/> does all this by itself.
    /// </summary>
    public string? ReplyTo { get; init; }

    /// <summary>What the returned task waits for.</summary>
    public Completion Completion { get; init; } = Completion.Confirmed;
}
