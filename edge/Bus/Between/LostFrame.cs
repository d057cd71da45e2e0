using System.Text;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// An edge could keep no more for another, and tells it of which spaces it has let messages go: <code>kind (1) | of any, [space, …] in MessagePack</code>
/// Of none it is a question whether the other hears.
/// </summary>
internal static class LostFrame
{
    /// <summary>No frame is longer.</summary>
    public const int MaxBytes = 16 + (BetweenLimits.MaxLostSpaces * (2 + SubjectLimits.MaxSpaceBytes));

    public static int Write(LostSpaces spaces, Span<byte> buffer)
    {
        buffer[0] = BetweenKind.Lost;
        var writer = new MessagePackWriter(buffer[1..]);
        writer.WriteBoolean(spaces.IsAny);
        writer.WriteArrayHeader(spaces.Named.Count);
        foreach (var space in spaces.Named)
            writer.WriteString(space);
        return 1 + (int)writer.BytesWritten;
    }

    /// <summary>The kind was looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, LostSpaces spaces)
    {
        spaces.Clear();
        var reader = new MessagePackReader(bytes[1..]);
        if (!reader.TryReadBoolean(out var isAny) || !reader.TryReadArrayHeader(out var count) || count > BetweenLimits.MaxLostSpaces)
            return false;
        if (isAny)
            spaces.AddAny();
        for (; count > 0; count--)
        {
            if (!reader.TryReadStringBytes(out var space) || !SubjectRules.IsSpace(space))
                return false;
            spaces.Add(Encoding.ASCII.GetString(space));
        }

        return reader.IsAtEnd;
    }
}
