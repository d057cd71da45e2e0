using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// What few messages have, a view over a map of small numbers that brokers hand on unread:
/// <code>{1: reply subject, 2: message id, 3: headers (MessageHeaders), 4: time to live, ms}</code>
/// Other keys are handed on too. Held to its bounds where it comes in from a client.
/// </summary>
internal readonly ref struct MessageExtras
{
    private const byte ReplyKey = 1;
    private const byte IdKey = 2;
    private const byte HeadersKey = 3;
    private const byte LifeKey = 4;

    /// <summary>Empty for none.</summary>
    public ReadOnlySpan<byte> Reply { get; init; }

    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>Pairs of <see cref="MessageHeaders"/>, empty for none.</summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    /// <summary>0 for no end.</summary>
    public uint LifeMilliseconds { get; init; }

    public bool IsEmpty => Reply.IsEmpty && Id.IsEmpty && Headers.IsEmpty && LifeMilliseconds == 0;

    public int Longest => 32 + Reply.Length + Id.Length + Headers.Length;

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader((Reply.IsEmpty ? 0 : 1) + (Id.IsEmpty ? 0 : 1) + (Headers.IsEmpty ? 0 : 1) + (LifeMilliseconds == 0 ? 0 : 1));
        if (!Reply.IsEmpty)
        {
            writer.WriteInteger(ReplyKey);
            writer.WriteStringBytes(Reply);
        }

        if (!Id.IsEmpty)
        {
            writer.WriteInteger(IdKey);
            writer.WriteStringBytes(Id);
        }

        if (!Headers.IsEmpty)
        {
            writer.WriteInteger(HeadersKey);
            writer.WriteBinary(Headers);
        }

        if (LifeMilliseconds == 0)
            return;
        writer.WriteInteger(LifeKey);
        writer.WriteInteger(LifeMilliseconds);
    }

    /// <summary>The same with this time to live. They were checked.</summary>
    public static byte[] WithLife(ReadOnlySpan<byte> map, uint milliseconds)
    {
        TryRead(map, out var read);
        var extras = new MessageExtras { Reply = read.Reply, Id = read.Id, Headers = read.Headers, LifeMilliseconds = milliseconds };
        var bytes = new byte[extras.Longest];
        var writer = new MessagePackWriter(bytes);
        extras.Write(ref writer);
        return bytes[..(int)writer.BytesWritten];
    }

    /// <summary>Reads a map that was found by itself; false when it is none, or beyond a bound.</summary>
    public static bool TryRead(ReadOnlySpan<byte> map, out MessageExtras extras)
    {
        extras = default;
        if (map.IsEmpty)
            return true;
        ReadOnlySpan<byte> reply = default;
        ReadOnlySpan<byte> id = default;
        ReadOnlySpan<byte> headers = default;
        uint life = 0;
        var reader = new MessagePackReader(map);
        if (!reader.TryReadMapHeader(out var count))
            return false;
        for (; count > 0; count--)
        {
            if (!reader.TryReadByte(out var key))
                return false;
            var read = key switch
            {
                ReplyKey => reader.TryReadStringBytes(out reply),
                IdKey => reader.TryReadStringBytes(out id) && id.Length <= FrameLimits.MaxMessageId,
                HeadersKey => reader.TryReadBinary(out headers) && MessageHeaders.IsGood(headers),
                LifeKey => reader.TryReadUInt32(out life),
                _ => reader.TrySkip(),
            };
            if (!read)
                return false;
        }

        extras = new() { Reply = reply, Id = id, Headers = headers, LifeMilliseconds = life };
        return reader.IsAtEnd;
    }
}
