using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control;

/// <summary>
/// One message of the control session. A frame of it is
/// <code>
/// +------------------+----------------------------------------------+
/// | payload's length | payload: [kind, {field: value, ...}]         |
/// | 4, big-endian    | MessagePack, at most ControlLimits.MaxFrame  |
/// +------------------+----------------------------------------------+
/// </code>
/// Fields that a reader does not know, and what follows the map in the array, are skipped; a kind that it does not know is
/// told from a malformed message. Text and lists are cut to their bounds by who writes; who reads refuses what is beyond.
/// </summary>
public abstract record ControlMessage
{
    internal const int HeadBytes = 4;

    public abstract ControlKind Kind { get; }

    internal abstract void WriteFields(ref MessagePackWriter writer);

    /// <summary>Reads one payload whole.</summary>
    public static ControlReadResult TryRead(ReadOnlySpan<byte> payload, out ControlMessage? message)
    {
        message = null;
        var reader = new MessagePackReader(payload);
        if (!reader.TryReadArrayHeader(out var count) || count < 2 || !reader.TryReadUInt32(out var code))
            return ControlReadResult.Malformed;
        if (!IsKnown((ControlKind)code))
            return reader.TrySkip(count - 1) && reader.IsAtEnd ? ControlReadResult.Unknown : ControlReadResult.Malformed;
        if (TryReadBody(ref reader, (ControlKind)code, out message) && reader.TrySkip(count - 2) && reader.IsAtEnd)
            return ControlReadResult.Read;
        message = null;
        return ControlReadResult.Malformed;
    }

    /// <summary>The message as a frame, its length before it.</summary>
    public byte[] ToFrame()
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.GetSpan(HeadBytes)[..HeadBytes].Clear();
        output.Advance(HeadBytes);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.WriteInteger((long)Kind);
        WriteFields(ref writer);
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - HeadBytes);
        return frame;
    }

    private static bool IsKnown(ControlKind kind) => kind
        is ControlKind.Ping or ControlKind.Pong or ControlKind.Goodbye
        or (>= ControlKind.Hello and <= ControlKind.AccessHeld)
        or (>= ControlKind.Welcome and <= ControlKind.Access);

    private static bool TryReadBody(ref MessagePackReader reader, ControlKind kind, [NotNullWhen(true)] out ControlMessage? message) => kind switch
    {
        ControlKind.Ping => Messages.PingMessage.TryRead(ref reader, out message),
        ControlKind.Pong => Messages.PongMessage.TryRead(ref reader, out message),
        ControlKind.Goodbye => Messages.GoodbyeMessage.TryRead(ref reader, out message),
        ControlKind.Hello => Messages.HelloMessage.TryRead(ref reader, out message),
        ControlKind.Ack => Messages.AckMessage.TryRead(ref reader, out message),
        ControlKind.Resync => Messages.ResyncMessage.TryRead(ref reader, out message),
        ControlKind.Renew => Messages.RenewMessage.TryRead(ref reader, out message),
        ControlKind.Addresses => Messages.AddressesMessage.TryRead(ref reader, out message),
        ControlKind.Draining => Messages.DrainingMessage.TryRead(ref reader, out message),
        ControlKind.Welcome => Messages.WelcomeMessage.TryRead(ref reader, out message),
        ControlKind.Snapshot => Messages.SnapshotMessage.TryRead(ref reader, out message),
        ControlKind.Delta => Messages.DeltaMessage.TryRead(ref reader, out message),
        ControlKind.Certificate => Messages.CertificateMessage.TryRead(ref reader, out message),
        ControlKind.Refusal => Messages.RefusalMessage.TryRead(ref reader, out message),
        ControlKind.LinkReports => Routing.LinkReportsMessage.TryRead(ref reader, out message),
        ControlKind.NodeTraffic => Traffic.NodeTrafficMessage.TryRead(ref reader, out message),
        ControlKind.RoutesHeld => Routing.RoutesHeldMessage.TryRead(ref reader, out message),
        ControlKind.AccessHeld => Access.AccessHeldMessage.TryRead(ref reader, out message),
        ControlKind.Access => Access.AccessMessage.TryRead(ref reader, out message),
        _ => Routing.RoutesMessage.TryRead(ref reader, out message),
    };
}
