using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// The frames that say one number: <code>[kind, number]</code>
/// Received: so many counted frames came. Confirmed: every Reliable message up to this one is where it was to go, but for those refused. Accepted: the edge has taken them.
/// Subscribed, Ended: the subscription. Ping, Pong: what the answer brings back.
/// </summary>
internal readonly record struct NumberFrame(FrameKind Kind, ulong Number)
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

    public static bool TryRead(in Frame frame, out NumberFrame number)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt64(out var value);
        number = new(frame.Kind, value);
        return read;
    }
}
