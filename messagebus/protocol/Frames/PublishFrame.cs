using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// A client publishes: <code>[19, number, traits, subject, payload, extras]</code>, the last left away where there are none. Reliable messages
/// are numbered from 1 over all of the publisher's lives in its session, Realtime ones by themselves likewise; of these, nothing is said again.
/// </summary>
internal readonly ref struct PublishFrame
{
    public required ulong Number { get; init; }

    public required MessageTraits Traits { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>As <see cref="MessageExtras"/> writes them; empty for none.</summary>
    public ReadOnlySpan<byte> Extras { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(32 + Subject.Length + Payload.Length + Extras.Length);
        writer.WriteArrayHeader(Extras.IsEmpty ? 5 : 6);
        writer.WriteInteger((byte)FrameKind.Publish);
        writer.WriteInteger(Number);
        writer.WriteInteger(Traits.Value);
        writer.WriteStringBytes(Subject);
        writer.WriteBinary(Payload);
        if (!Extras.IsEmpty)
            writer.WriteBinary(Extras);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out PublishFrame publish)
    {
        publish = default;
        var fields = frame.Fields;
        ReadOnlySpan<byte> extras = default;
        if (!fields.TryReadUInt64(out var number) || !fields.TryReadByte(out var byteTraits) || !MessageTraits.TryRead(byteTraits, out var traits)
            || !fields.TryReadStringBytes(out var subject) || !fields.TryReadBinary(out var payload)
            || (frame.Count > 4 && (!fields.TryReadBinary(out extras) || !MessageExtras.TryRead(extras, out _)))
            || frame.Count < 4 || (!fields.IsAtEnd && !(fields.TrySkip(frame.Count - 5) && fields.IsAtEnd)))
        {
            return false;
        }

        publish = new() { Number = number, Traits = traits, Subject = subject, Payload = payload, Extras = extras };
        return true;
    }
}
