namespace WeCan.Contracts.Inspection;

/// <summary>The ways from one node to another: what was chosen, what else there is, since when, and what would change it.</summary>
public sealed record RouteReport
{
    public required NodeName From { get; init; }

    public required NodeName To { get; init; }

    /// <summary>For whose traffic: "realtime", "signal" or "bulk"; what is a good way differs among them.</summary>
    public required string Class { get; init; }

    /// <summary>What was thought away in a question of what would be; empty where it is asked as it is.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>The version of the origin's routes; empty where none were computed, or where it is asked what would be.</summary>
    public string Version { get; init; } = "";

    /// <summary>Since when the first way is as it is, as far as this controller saw; null where it did not, or where it is asked what would be.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The ways that were chosen, or would be, in the order in which they are tried.</summary>
    public required IReadOnlyList<WayEntry> Ways { get; init; }

    /// <summary>The best of those that were not.</summary>
    public required IReadOnlyList<WayEntry> Others { get; init; }

    /// <summary>Why there is no way, or what would have the first one changed: sentences.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }
}
