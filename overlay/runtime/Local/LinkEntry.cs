namespace WeCan.Runtime.Local;

/// <summary>The link to one member, or that there is none. Shares are 0 to 1.</summary>
internal sealed record LinkEntry
{
    public required int Peer { get; init; }

    public required string Name { get; init; }

    /// <summary>"relay" or "edge"; empty for a peer that is no member any more.</summary>
    public required string Role { get; init; }

    /// <summary>"up", "silent" (the peer says nothing, and is asked), "on_trial" (it died lately, and has to prove itself), or "down" (none stands).</summary>
    public required string State { get; init; }

    /// <summary>What routes want of it: "in_use", "backup" or "idle".</summary>
    public required string Use { get; init; }

    public string Address { get; init; } = "";

    public double RttMs { get; init; }

    public double MinRttMs { get; init; }

    public double JitterMs { get; init; }

    /// <summary>Of this side's datagrams that the peer missed lately.</summary>
    public double LossTo { get; init; }

    public double LossFrom { get; init; }

    /// <summary>What the path was seen to carry, in bit/s; 0 where that is not known.</summary>
    public long Bandwidth { get; init; }

    public long BytesSent { get; init; }

    public long BytesReceived { get; init; }

    public double HeardMsAgo { get; init; }

    public int DatagramSize { get; init; }
}
