using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// The frames that say one name: <code>[kind, name]</code>
/// Add, Remove: a pattern that the registrant has subscribers of, or has no more.
/// </summary>
internal readonly ref struct NameFrame
{
    public const int Longest = SubjectLimits.MaxBytes + 8;

    public required InterestKind Kind { get; init; }

    public required ReadOnlySpan<byte> Name { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Name.Length + 8);
        writer.WriteArrayHeader(2);
        writer.WriteInteger((byte)Kind);
        writer.WriteStringBytes(Name);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out NameFrame name)
    {
        name = default;
        var fields = frame.Fields;
        if (!fields.TryReadStringBytes(out var pattern) || SubjectRules.CheckPattern(pattern) != SubjectFault.None)
            return false;
        name = new() { Kind = (InterestKind)frame.Kind, Name = pattern };
        return true;
    }
}
