using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// What one node measures on its link to one peer. "To" is the direction towards the peer, "from" the one back. Losses are in
/// millionths, bursts (how many are lost in a row, on average) in hundredths. Of a link that is gone only the peer is known.
/// </summary>
public readonly record struct LinkReport(NodeId Peer, LinkState State)
{
    private const int Values = 11;
    private const int Million = 1_000_000;

    public Duration Rtt { get; init; }

    public Duration MinRtt { get; init; }

    public Duration Jitter { get; init; }

    public uint LossTo { get; init; }

    public uint LossFrom { get; init; }

    public uint BurstTo { get; init; }

    public uint BurstFrom { get; init; }

    /// <summary>What the path was seen to carry; zero before that was measured.</summary>
    public Bandwidth Bandwidth { get; init; }

    /// <summary>What this node sent over it lately.</summary>
    public Bandwidth Used { get; init; }

    /// <summary>Whether the controller needs to hear of this, after <paramref name="said"/>: small changes are not worth a message.</summary>
    public bool IsNewsAfter(LinkReport said) =>
        State != said.State
        || Differ(Rtt.Microseconds, said.Rtt.Microseconds, ControlLimits.LinkNewsTime.Microseconds)
        || Differ(MinRtt.Microseconds, said.MinRtt.Microseconds, ControlLimits.LinkNewsTime.Microseconds)
        || Differ(Jitter.Microseconds, said.Jitter.Microseconds, ControlLimits.LinkNewsJitter.Microseconds)
        || Differ(LossTo, said.LossTo, ControlLimits.LinkNewsLoss)
        || Differ(LossFrom, said.LossFrom, ControlLimits.LinkNewsLoss)
        || Differ(Bandwidth.BitsPerSecond, said.Bandwidth.BitsPerSecond, Math.Max(ControlLimits.LinkNewsRate.BitsPerSecond, said.Bandwidth.BitsPerSecond / 4))
        || Differ(Used.BitsPerSecond, said.Used.BitsPerSecond, Math.Max(ControlLimits.LinkNewsRate.BitsPerSecond, said.Used.BitsPerSecond / 10));

    /// <summary>Reads [peer, 0], or [peer, state, ...] with all that is measured; what follows in the array is skipped.</summary>
    internal static bool TryRead(ref MessagePackReader reader, out LinkReport report)
    {
        report = default;
        if (!reader.TryReadArrayHeader(out var count) || count < 2
            || !ControlFormat.TryReadNode(ref reader, out var peer) || !reader.TryReadByte(out var state) || state > (byte)LinkState.Proven)
            return false;
        report = new(peer, (LinkState)state);
        if (report.State == LinkState.Gone)
            return reader.TrySkip(count - 2);
        if (count < Values
            || !reader.TryReadUInt32(out var rtt) || !reader.TryReadUInt32(out var minRtt) || !reader.TryReadUInt32(out var jitter)
            || !TryReadShare(ref reader, out var lossTo) || !TryReadShare(ref reader, out var lossFrom)
            || !reader.TryReadUInt32(out var burstTo) || !reader.TryReadUInt32(out var burstFrom)
            || !reader.TryReadUInt32(out var bandwidth) || !reader.TryReadUInt32(out var used))
            return false;
        report = report with
        {
            Rtt = Duration.FromMicroseconds(rtt),
            MinRtt = Duration.FromMicroseconds(minRtt),
            Jitter = Duration.FromMicroseconds(jitter),
            LossTo = lossTo,
            LossFrom = lossFrom,
            BurstTo = burstTo,
            BurstFrom = burstFrom,
            Bandwidth = new(bandwidth * 1_000L),
            Used = new(used * 1_000L),
        };
        return reader.TrySkip(count - Values);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(State == LinkState.Gone ? 2 : Values);
        writer.WriteInteger((ulong)Peer.Value);
        writer.WriteInteger((ulong)State);
        if (State == LinkState.Gone)
            return;
        writer.WriteInteger(Fit(Rtt.Microseconds));
        writer.WriteInteger(Fit(MinRtt.Microseconds));
        writer.WriteInteger(Fit(Jitter.Microseconds));
        writer.WriteInteger((ulong)Math.Min(LossTo, Million));
        writer.WriteInteger((ulong)Math.Min(LossFrom, Million));
        writer.WriteInteger((ulong)BurstTo);
        writer.WriteInteger((ulong)BurstFrom);
        writer.WriteInteger(Fit(Bandwidth.BitsPerSecond / 1_000));
        writer.WriteInteger(Fit(Used.BitsPerSecond / 1_000));
    }

    private static bool TryReadShare(ref MessagePackReader reader, out uint share) => reader.TryReadUInt32(out share) && share <= Million;

    private static ulong Fit(long value) => (ulong)Math.Clamp(value, 0, uint.MaxValue);

    /// <summary>By more than what is too little to matter, and by more than a fiftieth.</summary>
    private static bool Differ(long now, long said, long least) => Math.Abs(now - said) is var change && change >= least && change * 50 >= said;
}
