using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>The last frame on a connection, from either end: <code>[4, reason, words]</code></summary>
internal readonly ref struct GoodbyeFrame
{
    public required GoodbyeReason Reason { get; init; }

    /// <summary>For people, in UTF-8.</summary>
    public ReadOnlySpan<byte> Words { get; init; }

    public void Write(FrameBatch batch)
    {
        var words = Words[..Math.Min(Words.Length, FrameLimits.MaxWords)];
        var writer = batch.Begin(16 + words.Length);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)FrameKind.Goodbye);
        writer.WriteInteger((byte)Reason);
        writer.WriteStringBytes(words);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out GoodbyeFrame goodbye)
    {
        goodbye = default;
        var fields = frame.Fields;
        if (!fields.TryReadByte(out var reason) || !fields.TryReadStringBytes(out var words) || words.Length > FrameLimits.MaxWords)
            return false;
        goodbye = new() { Reason = (GoodbyeReason)reason, Words = words };
        return true;
    }
}
