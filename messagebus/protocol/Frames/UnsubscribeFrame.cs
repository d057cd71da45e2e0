using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>A client wants no more of a subscription: <code>[18, id, takes what is on its way]</code> Ended answers it, after all that still comes.</summary>
internal readonly record struct UnsubscribeFrame(uint Id, bool TakesRest)
{
    public const int Longest = 16;

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)FrameKind.Unsubscribe);
        writer.WriteInteger(Id);
        writer.WriteBoolean(TakesRest);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out UnsubscribeFrame unsubscribe)
    {
        var fields = frame.Fields;
        unsubscribe = default;
        if (!fields.TryReadUInt32(out var id) || !fields.TryReadBoolean(out var takesRest))
            return false;
        unsubscribe = new(id, takesRest);
        return true;
    }
}
