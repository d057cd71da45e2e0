namespace WeCan.Protocol.Links;

/// <summary>What one link has done since it was made. Written by the loop that drives the node; others may read at any time.</summary>
public sealed class LinkCounters
{
    public long DatagramsSent { get; internal set; }

    public long BytesSent { get; internal set; }

    public long DatagramsReceived { get; internal set; }

    public long BytesReceived { get; internal set; }

    public long PacketsDelivered { get; internal set; }

    /// <summary>Packets that were found lost, by threshold, time, or silence.</summary>
    public long PacketsLost { get; internal set; }

    /// <summary>Packets that had been found lost and were acknowledged after all.</summary>
    public long SpuriousLosses { get; internal set; }

    /// <summary>Packets that asked for an acknowledgement.</summary>
    public long PacketsTracked { get; internal set; }

    public long SymbolsResent { get; internal set; }

    /// <summary>Repairs over several symbols at once.</summary>
    public long RepairsSent { get; internal set; }

    /// <summary>Symbols that were solved from such repairs.</summary>
    public long SymbolsSolved { get; internal set; }

    /// <summary>Datagrams that went while the node's other links left this one less than it was to send.</summary>
    public long TurnsLate { get; internal set; }

    public long ProbeTimeouts { get; internal set; }

    public long Rekeys { get; internal set; }

    internal void Add(LinkCounters other)
    {
        DatagramsSent += other.DatagramsSent;
        BytesSent += other.BytesSent;
        DatagramsReceived += other.DatagramsReceived;
        BytesReceived += other.BytesReceived;
        PacketsDelivered += other.PacketsDelivered;
        PacketsLost += other.PacketsLost;
        SpuriousLosses += other.SpuriousLosses;
        PacketsTracked += other.PacketsTracked;
        SymbolsResent += other.SymbolsResent;
        RepairsSent += other.RepairsSent;
        SymbolsSolved += other.SymbolsSolved;
        TurnsLate += other.TurnsLate;
        ProbeTimeouts += other.ProbeTimeouts;
        Rekeys += other.Rekeys;
    }
}
