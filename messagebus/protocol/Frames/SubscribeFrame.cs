using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// A client wants what is published under a pattern: <code>[17, id, pattern, overload policy, queue group or empty, credit]</code>
/// The id is the client's own, and never used again in its session. The credit is in bytes of payload and counts from the beginning, as in Credit.
/// </summary>
internal readonly ref struct SubscribeFrame
{
    public required uint Id { get; init; }

    public required ReadOnlySpan<byte> Pattern { get; init; }

    public required OverloadPolicy Overload { get; init; }

    public ReadOnlySpan<byte> Group { get; init; }

    public required ulong Credit { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(32 + Pattern.Length + Group.Length);
        writer.WriteArrayHeader(6);
        writer.WriteInteger((byte)FrameKind.Subscribe);
        writer.WriteInteger(Id);
        writer.WriteStringBytes(Pattern);
        writer.WriteInteger((byte)Overload);
        writer.WriteStringBytes(Group);
        writer.WriteInteger(Credit);
        batch.End(writer);
    }

    /// <summary>Whether the pattern is one is for the reader to ask: its refusal names the subscription.</summary>
    public static bool TryRead(in Frame frame, out SubscribeFrame subscribe)
    {
        subscribe = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var id) || !fields.TryReadStringBytes(out var pattern) || !fields.TryReadByte(out var overload)
            || overload is < (byte)OverloadPolicy.DropOldest or > (byte)OverloadPolicy.PushBack
            || !fields.TryReadStringBytes(out var group) || group.Length > FrameLimits.MaxWords || !fields.TryReadUInt64(out var credit))
        {
            return false;
        }

        subscribe = new() { Id = id, Pattern = pattern, Overload = (OverloadPolicy)overload, Group = group, Credit = credit };
        return true;
    }
}
