using WeCan.Contracts.MessagePack;

namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>
/// A client's first frame on a connection: <code>[16, version, session (16 bytes), is a resumption, counted frames received]</code>
/// The session is the client's own random number; it is also what its messages' publisher is called.
/// </summary>
internal readonly ref struct HelloFrame
{
    public const int SessionBytes = 16;
    public const int Longest = 48;

    public required uint Version { get; init; }

    public required ReadOnlySpan<byte> Session { get; init; }

    /// <summary>The client has a session by this number with this edge, and wants it to go on.</summary>
    public bool IsResumption { get; init; }

    /// <summary>How many counted frames of the edge it has.</summary>
    public ulong Received { get; init; }

    public void Write(FrameBatch batch)
    {
        var writer = batch.Begin(Longest);
        writer.WriteArrayHeader(5);
        writer.WriteInteger((byte)FrameKind.Hello);
        writer.WriteInteger(Version);
        writer.WriteBinary(Session);
        writer.WriteBoolean(IsResumption);
        writer.WriteInteger(Received);
        batch.End(writer);
    }

    public static bool TryRead(in Frame frame, out HelloFrame hello)
    {
        hello = default;
        var fields = frame.Fields;
        if (!fields.TryReadUInt32(out var version) || !fields.TryReadBinary(out var session) || session.Length != SessionBytes
            || !fields.TryReadBoolean(out var resumes) || !fields.TryReadUInt64(out var received))
        {
            return false;
        }

        hello = new() { Version = version, Session = session, IsResumption = resumes, Received = received };
        return true;
    }
}
