using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>A slice is given no more, or will not be: <code>[10, slice, reason]</code></summary>
internal readonly record struct EndedFrame(uint Slice, EndReason Reason)
{
    public const int Longest = 16;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)InterestKind.Ended);
        writer.WriteInteger(Slice);
        writer.WriteInteger((byte)Reason);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out EndedFrame ended)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt32(out var slice) & fields.TryReadByte(out var reason);
        ended = new(slice, (EndReason)reason);
        return read;
    }
}
