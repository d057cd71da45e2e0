using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Traffic;

/// <summary>
/// What passed through a node since it told so last. Nobody answers it, and what was on its way when a session ended is lost; but what a node had no
/// session to tell in belongs to its next word, whose time is so much longer.
/// </summary>
public sealed record NodeTrafficMessage : ControlMessage
{
    private const ulong Required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6);

    private const int LeastPair = 6;

    public override ControlKind Kind => ControlKind.NodeTraffic;

    /// <summary>How long that took.</summary>
    public Duration Time { get; init; }

    /// <summary>One for each class, in the order of their numbers.</summary>
    public IReadOnlyList<ClassTraffic> Classes { get; init; } = [];

    /// <summary>Bytes of all links as IPv4 packets, with all that repair and sealing add.</summary>
    public long LinkBytesIn { get; init; }

    public long LinkBytesOut { get; init; }

    public IReadOnlyList<PairSent> Sent { get; init; } = [];

    public IReadOnlyList<PairReceived> Received { get; init; } = [];

    internal static bool TryReadAmount(ref MessagePackReader reader, out long amount) => reader.TryReadInt64(out amount) && amount is >= 0 and <= ControlLimits.MaxTraffic;

    internal static ulong Fit(long amount) => (ulong)Math.Clamp(amount, 0, ControlLimits.MaxTraffic);

    internal static bool TryRead(ref MessagePackReader reader, [NotNullWhen(true)] out ControlMessage? message)
    {
        message = null;
        var read = new NodeTrafficMessage();
        if (!FieldWalk.TryBegin(ref reader, out var walk))
            return false;
        while (walk.TryNext(ref reader, out var field))
        {
            if (!(field is >= 1 and <= 6 ? TryReadField(ref reader, field, ref read) : reader.TrySkip()))
                return false;
        }

        if (!walk.Ended(Required))
            return false;
        message = read;
        return true;
    }

    internal override void WriteFields(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(6);
        writer.WriteField(1, Math.Clamp(Time.Nanoseconds / 1_000_000, 0, uint.MaxValue));
        writer.WriteInteger(2);
        writer.WriteArrayHeader(Classes.Count);
        foreach (var each in Classes)
            each.Write(ref writer);
        writer.WriteInteger(3);
        writer.WriteInteger(Fit(LinkBytesIn));
        writer.WriteInteger(4);
        writer.WriteInteger(Fit(LinkBytesOut));
        writer.WriteInteger(5);
        writer.WriteArrayHeader(Math.Min(Sent.Count, ControlLimits.MaxPairs));
        foreach (var pair in Sent.Take(ControlLimits.MaxPairs))
            pair.Write(ref writer);
        writer.WriteInteger(6);
        writer.WriteArrayHeader(Math.Min(Received.Count, ControlLimits.MaxPairs));
        foreach (var pair in Received.Take(ControlLimits.MaxPairs))
            pair.Write(ref writer);
    }

    private static bool TryReadField(ref MessagePackReader reader, int field, ref NodeTrafficMessage read)
    {
        var isRead = false;
        switch (field)
        {
            case 1:
                isRead = reader.TryReadUInt32(out var milliseconds);
                read = read with { Time = Duration.FromMilliseconds(milliseconds) };
                break;
            case 2:
                isRead = ControlFormat.TryReadList(ref reader, ClassTraffic.TryRead, (int)ServiceClass.Bulk + 1, out IReadOnlyList<ClassTraffic> classes);
                read = read with { Classes = classes };
                break;
            case 3 or 4:
                isRead = TryReadAmount(ref reader, out var bytes);
                read = field == 3 ? read with { LinkBytesIn = bytes } : read with { LinkBytesOut = bytes };
                break;
            case 5:
                isRead = ControlFormat.TryReadList(ref reader, PairSent.TryRead, ControlLimits.MaxPairs, LeastPair, out IReadOnlyList<PairSent> sent);
                read = read with { Sent = sent };
                break;
            default:
                isRead = ControlFormat.TryReadList(ref reader, PairReceived.TryRead, ControlLimits.MaxPairs, LeastPair, out IReadOnlyList<PairReceived> received);
                read = read with { Received = received };
                break;
        }

        return isRead;
    }
}
