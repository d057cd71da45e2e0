using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>A home tells what has changed in the slices that it gave: <code>[9, is added, edge, pattern]</code></summary>
internal readonly ref struct ChangeFrame
{
    public required bool IsAdded { get; init; }

    public required NodeId Edge { get; init; }

    public required ReadOnlySpan<byte> Pattern { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Pattern.Length + 16);
        writer.WriteArrayHeader(4);
        writer.WriteInteger((byte)InterestKind.Change);
        writer.WriteBoolean(IsAdded);
        writer.WriteInteger(Edge.Value);
        writer.WriteStringBytes(Pattern);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out ChangeFrame change)
    {
        change = default;
        var fields = frame.Fields;
        if (!fields.TryReadBoolean(out var isAdded) || !fields.TryReadUInt16(out var edge) || edge == 0
            || !fields.TryReadStringBytes(out var pattern) || SubjectRules.CheckPattern(pattern) != SubjectFault.None)
        {
            return false;
        }

        change = new() { IsAdded = isAdded, Edge = new(edge), Pattern = pattern };
        return true;
    }
}
