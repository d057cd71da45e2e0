using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>A client lets a subscription have more: <code>[20, subscription, bytes of payload since it began]</code> A lower total than before says nothing.</summary>
internal readonly record struct CreditFrame(uint Id, ulong Total)
{
    public const int Longest = 20;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)FrameKind.Credit);
        writer.WriteInteger(Id);
        writer.WriteInteger(Total);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out CreditFrame credit)
    {
        var fields = frame.Fields;
        credit = default;
        if (!fields.TryReadUInt32(out var id) || !fields.TryReadUInt64(out var total))
            return false;
        credit = new(id, total);
        return true;
    }
}
