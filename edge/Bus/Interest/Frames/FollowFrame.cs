using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// A follower asks for who wants a subject: <code>[12, slice, subject]</code>
/// The slice's number is the follower's own, higher than all before it in the session.
/// </summary>
internal readonly ref struct FollowFrame
{
    public required uint Slice { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Subject.Length + 16);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)InterestKind.Follow);
        writer.WriteInteger(Slice);
        writer.WriteStringBytes(Subject);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out FollowFrame follow)
    {
        follow = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var slice) || !fields.TryReadStringBytes(out var subject) || SubjectRules.CheckSubject(subject) != SubjectFault.None)
            return false;
        follow = new() { Slice = slice, Subject = subject };
        return true;
    }
}
