using WeCan.Contracts;
using WeCan.Contracts.MessagePack;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// A message on its way to another edge, a view over what came: docs/wire-format.md, section 12.
/// <code>kind (1) | publisher (16) | number, traits, left (ms), subject, extras, rest in MessagePack | payload</code>
/// Left is what a Reliable message has still to live, 0 for no end. Rest is how many bytes of the payload follow in a message of
/// their own, the next in the flow.
/// </summary>
internal readonly ref struct BetweenMessage
{
    public required PublisherName Publisher { get; init; }

    public required ulong Number { get; init; }

    public required MessageTraits Traits { get; init; }

    public uint LeftMilliseconds { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    public ReadOnlySpan<byte> Extras { get; init; }

    public int Rest { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Writes it with as much of the payload as goes with it; says how many bytes that took. The buffer has room for the longest.</summary>
    public static int Write(MonoTime now, in BusMessage message, Span<byte> buffer, out ReadOnlySpan<byte> rest)
    {
        var isRealtime = message.Traits.Delivery == Delivery.Realtime;
        var first = Math.Min(message.Payload.Length, BetweenLimits.MaxFirstPart);
        rest = message.Payload[first..];
        buffer[0] = isRealtime ? BetweenKind.Realtime : BetweenKind.Message;
        message.Publisher.Write(buffer[1..]);
        var writer = new MessagePackWriter(buffer[(1 + HelloFrame.SessionBytes)..]);
        writer.WriteInteger(message.Number);
        writer.WriteInteger(message.Traits.Value);
        writer.WriteInteger(isRealtime || message.Expires.IsNever ? 0 : (long)Math.Clamp((message.Expires - now).Milliseconds, 1, uint.MaxValue));
        writer.WriteStringBytes(message.Subject);
        writer.WriteBinary(message.Extras);
        writer.WriteInteger(rest.Length);
        var head = 1 + HelloFrame.SessionBytes + (int)writer.BytesWritten;
        message.Payload[..first].CopyTo(buffer[head..]);
        return head + first;
    }

    /// <summary>The kind was looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BetweenMessage message)
    {
        message = default;
        if (bytes.Length <= 1 + HelloFrame.SessionBytes)
            return false;
        var reader = new MessagePackReader(bytes[(1 + HelloFrame.SessionBytes)..]);
        if (!reader.TryReadUInt64(out var number) || !reader.TryReadByte(out var byteTraits) || !MessageTraits.TryRead(byteTraits, out var traits)
            || !reader.TryReadUInt32(out var left) || !reader.TryReadStringBytes(out var subject) || !reader.TryReadBinary(out var extras)
            || !reader.TryReadUInt32(out var rest))
        {
            return false;
        }

        var payload = bytes[(1 + HelloFrame.SessionBytes + reader.Position)..];
        var isRealtime = bytes[0] == BetweenKind.Realtime;
        if ((traits.Delivery == Delivery.Realtime) != isRealtime || (isRealtime && rest > 0) || rest > FrameLimits.MaxPayload || payload.Length + rest > FrameLimits.MaxPayload
            || SubjectRules.CheckSubject(subject) != SubjectFault.None || !MessageExtras.TryRead(extras, out _))
        {
            return false;
        }

        message = new()
        {
            Publisher = PublisherName.Read(bytes[1..]),
            Number = number,
            Traits = traits,
            LeftMilliseconds = left,
            Subject = subject,
            Extras = extras,
            Rest = (int)rest,
            Payload = payload,
        };
        return true;
    }

    /// <summary>As this edge's own subscriptions get it.</summary>
    public BusMessage At(MonoTime expires, ReadOnlySpan<byte> payload) => new()
    {
        Publisher = Publisher,
        Number = Number,
        Traits = Traits,
        Expires = expires,
        Subject = Subject,
        Payload = payload,
        Extras = Extras,
        Source = null,
    };
}
