using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Frames;

/// <summary>
/// A version of something in a space: <code>[kind, space, version]</code>
/// Told: all of the registrant's patterns up to it is said. Confirmed: every publisher that follows this home reckons with all up to it. Leave:
/// from this version of the membership on the reader is no home of it, and what it was told is void.
/// </summary>
internal readonly ref struct VersionFrame
{
    public const int Longest = SubjectLimits.MaxSpaceBytes + 16;

    public required InterestKind Kind { get; init; }

    public required ReadOnlySpan<byte> Space { get; init; }

    public required ulong Version { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(3);
        writer.WriteInteger((byte)Kind);
        writer.WriteStringBytes(Space);
        writer.WriteInteger(Version);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out VersionFrame version)
    {
        version = default;
        var fields = frame.Fields;
        if (!fields.TryReadStringBytes(out var space) || !SubjectRules.IsSpace(space) || !fields.TryReadUInt64(out var number))
            return false;
        version = new() { Kind = (InterestKind)frame.Kind, Space = space, Version = number };
        return true;
    }
}
