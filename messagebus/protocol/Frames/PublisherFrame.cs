using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// An edge gives a publisher a number for this session: <code>[36, number, publisher's session (16 bytes)]</code> A number given anew is
/// the new one's from then on.
/// </summary>
internal readonly ref struct PublisherFrame
{
    public const int Longest = 32;

    public required uint Number { get; init; }

    public required ReadOnlySpan<byte> Session { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)FrameKind.Publisher);
        writer.WriteInteger(Number);
        writer.WriteBinary(Session);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out PublisherFrame publisher)
    {
        publisher = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var number) || !fields.TryReadBinary(out var session) || session.Length != HelloFrame.SessionBytes)
            return false;
        publisher = new() { Number = number, Session = session };
        return true;
    }
}
