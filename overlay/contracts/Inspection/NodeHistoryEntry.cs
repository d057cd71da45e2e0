namespace WeCan.Contracts.Inspection;

/// <summary>What passed through a node in some time. Bytes in and out are those of its links as IPv4 packets, with all that repair and sealing add: what is paid for.</summary>
public sealed record NodeHistoryEntry
{
    /// <summary>When the time began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the node told of took so long. That can be longer than the time, where it had nobody to tell.</summary>
    public required double KnownSeconds { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>The greatest rate in bit/s over ten seconds or so.</summary>
    public required long PeakIn { get; init; }

    public required long PeakOut { get; init; }

    public required IReadOnlyList<ClassHistoryEntry> Classes { get; init; }
}
