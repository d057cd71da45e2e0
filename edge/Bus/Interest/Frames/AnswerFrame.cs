using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>The answer to an Ask: <code>[16, stamp, edge, silent for, ms]</code> The silence counts from when it began to listen for that edge.</summary>
internal readonly record struct AnswerFrame(ulong Stamp, NodeId About, uint SilentMilliseconds)
{
    public const int Longest = 32;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(4);
        writer.WriteInteger((byte)InterestKind.Answer);
        writer.WriteInteger(Stamp);
        writer.WriteInteger(About.Value);
        writer.WriteInteger(SilentMilliseconds);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out AnswerFrame answer)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt64(out var stamp) & fields.TryReadUInt16(out var about) & fields.TryReadUInt32(out var silent);
        answer = new(stamp, new(about), silent);
        return read;
    }
}
