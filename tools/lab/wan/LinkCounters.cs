namespace WeCan.Lab.Wan;

/// <summary>
/// What went into one direction of a link and what came out; bytes are those of IP packets. Once nothing is under way,
/// Sent + Duplicated = Lost + Overflowed + TooBig + Delivered + Unreceived.
/// </summary>
public record struct LinkCounters
{
    public long Sent { get; internal set; }

    public long SentBytes { get; internal set; }

    public long Lost { get; internal set; }

    public long Overflowed { get; internal set; }

    public long TooBig { get; internal set; }

    public long Duplicated { get; internal set; }

    public long Reordered { get; internal set; }

    public long Corrupted { get; internal set; }

    public long Delivered { get; internal set; }

    public long DeliveredBytes { get; internal set; }

    /// <summary>Arrived at a host that was down.</summary>
    public long Unreceived { get; internal set; }
}
