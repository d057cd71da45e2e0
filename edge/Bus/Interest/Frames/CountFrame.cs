using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// The frames that say one number: <code>[kind, number]</code>
/// Begin: what was told before goes unless it is told again before the next Complete. Complete: all is told as the membership of this version wants it. Pong: the
/// Ping's stamp. Unfollow: a slice.
/// </summary>
internal readonly record struct CountFrame(InterestKind Kind, ulong Number)
{
    public const int Longest = 16;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(2);
        writer.WriteInteger((byte)Kind);
        writer.WriteInteger(Number);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out CountFrame count)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt64(out var number);
        count = new((InterestKind)frame.Kind, number);
        return read;
    }
}
