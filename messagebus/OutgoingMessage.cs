using System.Diagnostics;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus;

/// <summary>A message as its publisher wants it, checked and in bytes, but for the payload, which is the application's.</summary>
internal sealed record OutgoingMessage
{
    public required byte[] Subject { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required byte Priority { get; init; }

    /// <summary>As <see cref="MessageExtras"/> writes them; empty for none.</summary>
    public required byte[] Extras { get; init; }

    public required Completion Completion { get; init; }

    /// <summary>How long a Realtime message is worth something; null for a Reliable one.</summary>
    public required Duration? Deadline { get; init; }

    public int Bytes => Subject.Length + Payload.Length + Extras.Length;

    public static OutgoingMessage Of(string subject, ReadOnlyMemory<byte> payload, PublishOptions options, Activity? activity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, options.Mode == DeliveryMode.Realtime ? FrameLimits.MaxRealtimePayload : FrameLimits.MaxPayload);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Priority, MessageTraits.MaxPriority);
        if (!Enum.IsDefined(options.Completion))
            throw new ArgumentOutOfRangeException(nameof(options), options.Completion, "This is no completion.");
        return new()
        {
            Subject = BytesOf(subject, SubjectRules.CheckSubject, nameof(subject)),
            Payload = payload,
            Priority = (byte)options.Priority,
            Extras = WriteExtras(options, activity ?? Activity.Current),
            Completion = options.Completion,
            Deadline = DeadlineOf(options),
        };
    }

    /// <summary>A name in bytes, once it is found to be one.</summary>
    public static byte[] BytesOf(string name, Func<ReadOnlySpan<byte>, SubjectFault> check, string argument)
    {
        ArgumentNullException.ThrowIfNull(name, argument);
        var bytes = Encoding.UTF8.GetBytes(name);
        return check(bytes) is SubjectFault.None ? bytes : throw new ArgumentException(NameFaults.Describe(check(bytes), argument), argument);
    }

    private static byte[] WriteExtras(PublishOptions options, Activity? activity)
    {
        var extras = new MessageExtras
        {
            Reply = options.ReplyTo is { } reply ? BytesOf(reply, SubjectRules.CheckSubject, "subject") : [],
            Id = IdOf(options.MessageId),
            Headers = WriteHeaders(options.Headers, activity?.IdFormat == ActivityIdFormat.W3C ? activity : null),
            LifeMilliseconds = MillisecondsOf(options.TimeToLive),
        };
        if (extras.IsEmpty)
            return [];
        var bytes = new byte[extras.Longest];
        var writer = new MessagePackWriter(bytes);
        extras.Write(ref writer);
        return bytes[..(int)writer.BytesWritten];
    }

    private static Duration? DeadlineOf(PublishOptions options)
    {
        if (!Enum.IsDefined(options.Mode))
            throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "This is no mode of delivery.");
        if (options.Mode != DeliveryMode.Realtime)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Deadline, TimeSpan.FromMilliseconds(1), nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Deadline, TimeSpan.FromMilliseconds(FrameLimits.MaxDeadlineMilliseconds), nameof(options));
        return Duration.FromMilliseconds((long)options.Deadline.TotalMilliseconds);
    }

    private static byte[] IdOf(string? id)
    {
        if (id is null)
            return [];
        var bytes = Encoding.UTF8.GetBytes(id);
        return bytes.Length is > 0 and <= FrameLimits.MaxMessageId
            ? bytes
            : throw new ArgumentException($"A message id has 1 to {FrameLimits.MaxMessageId} bytes; this one has {bytes.Length}.", nameof(id));
    }

    private static uint MillisecondsOf(TimeSpan? life)
    {
        if (life is not { } time)
            return 0;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(life));
        return (uint)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 1, uint.MaxValue);
    }

    /// <summary>The application's own traceparent goes before that of its activity.</summary>
    private static byte[] WriteHeaders(IReadOnlyDictionary<string, string>? headers, Activity? activity)
    {
        var pairs = headers?.Select(pair => (pair.Key, pair.Value)).ToList() ?? [];
        if (activity?.Id is { } parent && headers?.ContainsKey(BusTelemetry.TraceParent) != true)
        {
            pairs.Add((BusTelemetry.TraceParent, parent));
            if (activity.TraceStateString is { Length: > 0 } state)
                pairs.Add((BusTelemetry.TraceState, state));
        }

        if (pairs.Count == 0)
            return [];
        var bytes = new byte[pairs.Sum(pair => 10 + Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value))];
        var writer = new MessagePackWriter(bytes);
        foreach (var (name, value) in pairs)
        {
            writer.WriteStringBytes(Encoding.UTF8.GetBytes(name));
            writer.WriteStringBytes(Encoding.UTF8.GetBytes(value));
        }

        var written = bytes[..(int)writer.BytesWritten];
        return MessageHeaders.IsGood(written)
            ? written
            : throw new ArgumentException($"A message has at most {FrameLimits.MaxHeaders} headers of {FrameLimits.MaxHeaderBytes} bytes together, none without a name.", nameof(headers));
    }
}
