using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// A follower renews its lease, or only wants to hear of the other: <code>[14, stamp, applied]</code>
/// The stamp is its own clock's, which the Pong brings back. Applied: so many of the other's Slice, Change and Ended frames of this session have had their effect.
/// </summary>
internal readonly record struct PingFrame(ulong Stamp, ulong Applied)
{
    public const int Longest = 24;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)InterestKind.Ping);
        writer.WriteInteger(Stamp);
        writer.WriteInteger(Applied);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out PingFrame ping)
    {
        var fields = frame.Fields;
        var read = fields.TryReadUInt64(out var stamp) & fields.TryReadUInt64(out var applied);
        ping = new(stamp, applied);
        return read;
    }
}
