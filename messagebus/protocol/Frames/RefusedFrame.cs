using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// An edge refuses one thing, and the session goes on: <code>[34, kind of the frame refused, its id or number, reason, words]</code>
/// </summary>
internal readonly ref struct RefusedFrame
{
    public required FrameKind What { get; init; }

    public required ulong Number { get; init; }

    public required RefusalReason Reason { get; init; }

    /// <summary>For people, in UTF-8.</summary>
    public ReadOnlySpan<byte> Words { get; init; }

    public void Write(FrameBatch batch)
    {
        var words = Words[..Math.Min(Words.Length, FrameLimits.MaxWords)];
        var writer = batch.Begin(32 + words.Length);
        writer.WriteArrayHeader(5);
        writer.WriteInteger((byte)FrameKind.Refused);
        writer.WriteInteger((byte)What);
        writer.WriteInteger(Number);
        writer.WriteInteger((byte)Reason);
        writer.WriteStringBytes(words);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out RefusedFrame refused)
    {
        refused = default;
        var fields = frame.Fields;
        if (!fields.TryReadByte(out var what) || !fields.TryReadUInt64(out var number) || !fields.TryReadByte(out var reason)
            || !fields.TryReadStringBytes(out var words) || words.Length > FrameLimits.MaxWords)
        {
            return false;
        }

        refused = new() { What = (FrameKind)what, Number = number, Reason = (RefusalReason)reason, Words = words };
        return true;
    }
}
