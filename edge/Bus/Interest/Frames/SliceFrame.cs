using WeCan.Contracts;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// A slice, or the next piece of one: <code>[8, slice, is last, prefix, pattern, edge, pattern, edge, …]</code>
/// The prefix is a pattern that only its last token may make wide, and covers the subject that was asked for; the pairs are all whose patterns overlap it.
/// They end with the frame.
/// </summary>
internal ref struct SliceFrame
{
    private const int Head = 4;

    private MessagePackReader _entries;
    private int _left;

    public uint Slice { get; private init; }

    public bool IsLast { get; private init; }

    public ReadOnlySpan<byte> Prefix { get; private init; }

    /// <summary>Begins a piece with so many pairs, which the caller writes behind it with <see cref="WriteEntry"/>.</summary>
    public static MessagePackWriter Begin(FrameBatch batch, uint slice, bool isLast, ReadOnlySpan<byte> prefix, int entries)
    {
        var writer = batch.Begin(Head + 16 + SubjectLimits.MaxBytes + (entries * (SubjectLimits.MaxBytes + 8)));
        writer.WriteArrayHeader(Head + (2 * entries));
        writer.WriteInteger((byte)InterestKind.Slice);
        writer.WriteInteger(slice);
        writer.WriteBoolean(isLast);
        writer.WriteStringBytes(prefix);
        return writer;
    }

    public static void WriteEntry(ref MessagePackWriter writer, scoped ReadOnlySpan<byte> pattern, NodeId edge)
    {
        writer.WriteStringBytes(pattern);
        writer.WriteInteger(edge.Value);
    }

    public static bool TryRead(in Frame frame, out SliceFrame slice)
    {
        slice = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var number) || !fields.TryReadBoolean(out var isLast) || !fields.TryReadStringBytes(out var prefix)
            || SubjectRules.CheckPattern(prefix) != SubjectFault.None || (frame.Count - Head + 1) % 2 != 0)
        {
            return false;
        }

        slice = new() { Slice = number, IsLast = isLast, Prefix = prefix, _entries = fields, _left = (frame.Count - Head + 1) / 2 };
        return slice.AreEntriesGood();
    }

    public bool TryNext(out ReadOnlySpan<byte> pattern, out NodeId edge)
    {
        pattern = default;
        edge = default;
        if (_left == 0)
            return false;
        _left--;
        if (!_entries.TryReadStringBytes(out pattern) || SubjectRules.CheckPattern(pattern) != SubjectFault.None || !_entries.TryReadUInt16(out var number) || number == 0)
            return false;
        edge = new(number);
        return true;
    }

    private readonly bool AreEntriesGood()
    {
        var walk = this;
        for (var count = _left; count > 0; count--)
        {
            if (!walk.TryNext(out _, out _))
                return false;
        }

        return true;
    }
}
