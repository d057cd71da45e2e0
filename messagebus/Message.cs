using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus;

/// <summary>A message that came to a subscription. It does not change, and is the application's to keep.</summary>
public sealed class Message
{
    private readonly byte[] _rawHeaders = [];

    /// <summary>A message as tests of an application's own may want one.</summary>
    public Message()
    {
    }

    internal Message(in MessageFrame frame, PublisherId publisher)
    {
        Subject = Encoding.UTF8.GetString(frame.Subject);
        Payload = frame.Payload.ToArray();
        Priority = frame.Traits.Priority;
        Publisher = publisher;
        if (frame.Extras.IsEmpty || !MessageExtras.TryRead(frame.Extras, out var extras))
            return;
        ReplyTo = extras.Reply.IsEmpty ? null : Encoding.UTF8.GetString(extras.Reply);
        Id = extras.Id.IsEmpty ? null : Encoding.UTF8.GetString(extras.Id);
        _rawHeaders = extras.Headers.ToArray();
    }

    /// <summary>Until when a Realtime message is worth something; null for a Reliable one.</summary>
    internal MonoTime? Deadline { get; init; }

    /// <summary>What it was published to.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What was published.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What its publisher wrote beside the payload; of two with one name the last.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => field ??= ReadHeaders(_rawHeaders);
        init;
    }

    /// <summary>The name that its publisher gave it; null for none.</summary>
    public string? Id { get; init; }

    /// <summary>The subject that its publisher wants an answer under; null where none is wanted.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>0 to 7.</summary>
    public int Priority { get; init; } = PublishOptions.Default.Priority;

    /// <summary>Who published it.</summary>
    public PublisherId Publisher { get; init; }

    internal Bus? Bus { get; init; }

    /// <summary>
    /// This many messages before this one did not come: 0 for none, -1 where nobody can say how many, as the client was moved to
    /// another edge. A gap is never silent: it shows on the next message, and at once in <see cref="SubscriptionOptions.OnGap"/>.
    /// </summary>
    public long MissedBefore { get; init; }

    /// <summary>
    /// Begins an activity of the source <c>WeCan.MessageBus</c> that goes on with its publisher's trace, as its <c>traceparent</c> says;
    /// null when nobody listens.
    /// </summary>
    public Activity? StartActivity(string name = "process") => BusTelemetry.Receive(name, this);

    /// <summary>
    /// Answers whoever published it: once, and whatever this client's token says, as long as its edge remembers that it was asked, which
    /// is two minutes. Completes when the one who asked has been sent it by its edge.
    /// </summary>
    /// <exception cref="InvalidOperationException">No answer is wanted: <see cref="ReplyTo"/> is null.</exception>
    /// <exception cref="BusException">The edge refused it, or the bus failed for good.</exception>
    public ValueTask ReplyAsync(ReadOnlyMemory<byte> payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (ReplyTo is null || Bus is null)
            throw new InvalidOperationException($"Nobody has asked for an answer to this message to \"{Subject}\": it has no subject to reply to.");
        return Bus.PublishAsync(ReplyTo, payload, options, cancellationToken);
    }

    private static ReadOnlyDictionary<string, string> ReadHeaders(byte[] raw)
    {
        if (raw.Length == 0)
            return ReadOnlyDictionary<string, string>.Empty;
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new MessagePackReader(raw);
        while (!reader.IsAtEnd && MessageHeaders.TryReadPair(ref reader, out var name, out var value))
            headers[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(value);
        return new(headers);
    }
}
