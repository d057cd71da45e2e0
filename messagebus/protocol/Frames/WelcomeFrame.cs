using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// An edge's first frame: <code>[32, version, is resumed, counted frames received, last Reliable message received, resume window (ms), longest payload, inbox]</code>
/// Where the session goes on, each end now says again what the other does not have.
/// </summary>
internal readonly ref struct WelcomeFrame
{
    public const int Longest = 48;

    public required uint Version { get; init; }

    public required bool IsResumed { get; init; }

    public required ulong Received { get; init; }

    /// <summary>The number of the last Reliable message that the edge has of the client; 0 for none.</summary>
    public required ulong Published { get; init; }

    /// <summary>So long after its connection is lost the edge keeps a session.</summary>
    public required uint ResumeMilliseconds { get; init; }

    public required uint MaxPayload { get; init; }

    /// <summary>What the subjects begin with under which answers come to this client: it may subscribe there whatever its token says.</summary>
    public required ReadOnlySpan<byte> Inbox { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest + Inbox.Length);
        writer.WriteArrayHeader(8);
        writer.WriteInteger((byte)FrameKind.Welcome);
        writer.WriteInteger(Version);
        writer.WriteBoolean(IsResumed);
        writer.WriteInteger(Received);
        writer.WriteInteger(Published);
        writer.WriteInteger(ResumeMilliseconds);
        writer.WriteInteger(MaxPayload);
        writer.WriteStringBytes(Inbox);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out WelcomeFrame welcome)
    {
        welcome = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var version) || !fields.TryReadBoolean(out var resumed) || !fields.TryReadUInt64(out var received) || !fields.TryReadUInt64(out var published)
            || !fields.TryReadUInt32(out var window) || !fields.TryReadUInt32(out var longest) || !fields.TryReadStringBytes(out var inbox)
            || inbox.Length > SubjectLimits.MaxBytes)
        {
            return false;
        }

        welcome = new() { Version = version, IsResumed = resumed, Received = received, Published = published, ResumeMilliseconds = window, MaxPayload = longest, Inbox = inbox };
        return true;
    }
}
