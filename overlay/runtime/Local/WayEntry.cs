namespace WeCan.Runtime.Local;

/// <summary>One way to a destination.</summary>
internal sealed record WayEntry
{
    /// <summary>0 is the first that is tried.</summary>
    public required int Rank { get; init; }

    /// <summary>The numbers of the relays to pass; none for the direct link.</summary>
    public required IReadOnlyList<int> Relays { get; init; }

    /// <summary>The state of the link that it begins with, as <see cref="LinkEntry.State"/>.</summary>
    public required string FirstLink { get; init; }

    /// <summary>What leaves this node now for the destination takes this way.</summary>
    public required bool IsInUse { get; init; }

    /// <summary>No controller told it: it is tried last.</summary>
    public bool IsLastResort { get; init; }

    /// <summary>How Realtime packets fared on it lately, where one destination was asked for and any were sent.</summary>
    public RealtimeEntry? Realtime { get; init; }
}
