namespace WeCan.MessageBus;

/// <summary>A message that came to a subscription. It is the application's to keep.</summary>
public sealed class Message
{
    internal Message(string subject, byte[] payload) => (Subject, Payload) = (subject, payload);

    /// <summary>What it was published to.</summary>
    public string Subject { get; }

    /// <summary>What was published.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>
    /// This many messages before this one did not come: 0 for none, -1 where nobody can say how many, as the client was moved to
    /// another edge. A gap is never silent: it shows on the next message.
    /// </summary>
    public long MissedBefore { get; internal set; }
}
