using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>A subscription missed messages here: <code>[38, subscription, how many, or 0 where nobody knows, reason]</code></summary>
internal readonly record struct GapFrame(uint Id, ulong Missed, GapReason Reason)
{
    public const int Longest = 20;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(4);
        writer.WriteInteger((byte)FrameKind.Gap);
        writer.WriteInteger(Id);
        writer.WriteInteger(Missed);
        writer.WriteInteger((byte)Reason);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out GapFrame gap)
    {
        var fields = frame.Fields;
        gap = default;
        if (!fields.TryReadUInt32(out var id) || !fields.TryReadUInt64(out var missed) || !fields.TryReadByte(out var reason))
            return false;
        gap = new(id, missed, (GapReason)reason);
        return true;
    }
}
