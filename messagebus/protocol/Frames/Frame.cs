using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>One frame, a view over the bytes that came: what kind it is, and its fields to be read by the type of that kind.</summary>
internal readonly ref struct Frame
{
    private readonly ReadOnlySpan<byte> _fields;

    private Frame(FrameKind kind, int count, ReadOnlySpan<byte> fields)
    {
        Kind = kind;
        Count = count;
        _fields = fields;
    }

    /// <summary>May be none that is known here; such a frame is skipped.</summary>
    public FrameKind Kind { get; }

    /// <summary>How many fields follow the kind.</summary>
    public int Count { get; }

    public MessagePackReader Fields => new(_fields);

    /// <summary>Reads the frame that begins the bytes; <paramref name="size"/> is what it takes of them.</summary>
    public static FrameResult TryRead(ReadOnlySpan<byte> bytes, out Frame frame, out int size)
    {
        frame = default;
        size = 0;
        if (FrameHead.TryRead(bytes, out var length, out var width) is not FrameResult.Read and var result)
            return result;
        if (bytes.Length - width < length)
            return FrameResult.Incomplete;
        var body = bytes.Slice(width, length);
        var reader = new MessagePackReader(body);
        if (!reader.TryReadArrayHeader(out var count) || count < 1 || !reader.TryReadByte(out var kind))
            return FrameResult.Malformed;
        var fields = body[reader.Position..];

        // Messages are looked through by whoever reads them, once.
        if ((FrameKind)kind is not (FrameKind.Publish or FrameKind.Message) && (!reader.TrySkip(count - 1) || !reader.IsAtEnd))
            return FrameResult.Malformed;
        frame = new((FrameKind)kind, count - 1, fields);
        size = width + length;
        return FrameResult.Read;
    }
}
