using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// A message for subscriptions of a client: <code>[35, [subscription, …], publisher, number, traits, subject, payload, extras]</code>
/// The publisher is a number that a Publisher frame has given its long name to. A Realtime message has kind 40 and is not counted; its
/// publisher may not have been named yet, as it goes beside the frames that are in order.
/// </summary>
internal readonly ref struct MessageFrame
{
    public required ReadOnlySpan<uint> Targets { get; init; }

    public required uint Publisher { get; init; }

    public required ulong Number { get; init; }

    public required MessageTraits Traits { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    public ReadOnlySpan<byte> Extras { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(40 + (5 * Targets.Length) + Subject.Length + Payload.Length + Extras.Length);
        writer.WriteArrayHeader(Extras.IsEmpty ? 7 : 8);
        writer.WriteInteger((byte)(Traits.Delivery == Delivery.Realtime ? FrameKind.Realtime : FrameKind.Message));
        writer.WriteArrayHeader(Targets.Length);
        foreach (var target in Targets)
            writer.WriteInteger(target);
        writer.WriteInteger(Publisher);
        writer.WriteInteger(Number);
        writer.WriteInteger(Traits.Value);
        writer.WriteStringBytes(Subject);
        writer.WriteBinary(Payload);
        if (!Extras.IsEmpty)
            writer.WriteBinary(Extras);
        batch.End(writer);
    }

    /// <param name="frame">What came.</param>
    /// <param name="targets">Room for <see cref="FrameLimits.MaxTargets"/> subscriptions, which the message refers to.</param>
    /// <param name="message">What it says.</param>
    public static bool TryRead(in Frame frame, Span<uint> targets, out MessageFrame message)
    {
        message = default;
        var fields = frame.Fields;
        if (!fields.TryReadArrayHeader(out var count) || count is 0 or > FrameLimits.MaxTargets)
            return false;
        for (var index = 0; index < count; index++)
        {
            if (!fields.TryReadUInt32(out targets[index]))
                return false;
        }

        ReadOnlySpan<byte> extras = default;
        if (!fields.TryReadUInt32(out var publisher) || !fields.TryReadUInt64(out var number) || !fields.TryReadByte(out var byteTraits)
            || !MessageTraits.TryRead(byteTraits, out var traits) || !fields.TryReadStringBytes(out var subject) || !fields.TryReadBinary(out var payload)
            || (frame.Count > 6 && (!fields.TryReadBinary(out extras) || !MessageExtras.TryRead(extras, out _)))
            || frame.Count < 6 || (!fields.IsAtEnd && !(fields.TrySkip(frame.Count - 7) && fields.IsAtEnd)))
        {
            return false;
        }

        message = new()
        {
            Targets = targets[..count],
            Publisher = publisher,
            Number = number,
            Traits = traits,
            Subject = subject,
            Payload = payload,
            Extras = extras,
        };
        return true;
    }
}
