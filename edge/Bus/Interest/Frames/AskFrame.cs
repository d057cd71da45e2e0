using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>One of a pair is asked for how long it has not heard of the other: <code>[15, stamp, edge]</code></summary>
internal readonly record struct AskFrame(ulong Stamp, NodeId About)
{
    public const int Longest = 24;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)InterestKind.Ask);
        writer.WriteInteger(Stamp);
        writer.WriteInteger(About.Value);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out AskFrame ask)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt64(out var stamp) & fields.TryReadUInt16(out var about);
        ask = new(stamp, new(about));
        return read;
    }
}
