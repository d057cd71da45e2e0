namespace WeCan.Contracts.Inspection;

/// <summary>The network in a few numbers, as a controller sees it. Times are UTC.</summary>
public sealed record NetworkReport
{
    public required string Network { get; init; }

    public required string Id { get; init; }

    /// <summary>The controller that answers.</summary>
    public required string Controller { get; init; }

    /// <summary>"leads", or why its changes are not kept: "read_only", "stands_by".</summary>
    public required string Mode { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset AuthorityEnd { get; init; }

    public required string MembershipVersion { get; init; }

    /// <summary>The version of the routing policy.</summary>
    public required long PolicyVersion { get; init; }

    /// <summary>False where another version of the program wrote it, and this one does not read it: routes stay as they are.</summary>
    public required bool IsPolicyKnown { get; init; }

    public required int Relays { get; init; }

    public required int Edges { get; init; }

    /// <summary>Members with a control session.</summary>
    public required int Connected { get; init; }

    /// <summary>Members whose reports of links count.</summary>
    public required int Reporting { get; init; }

    public required int Draining { get; init; }

    /// <summary>Pairs of nodes whose link both ends can rely on.</summary>
    public required int Links { get; init; }

    /// <summary>Nodes that routes are computed for.</summary>
    public required int Routed { get; init; }

    /// <summary>Members that carry nothing for others, as the policy has them in maintenance.</summary>
    public required int Maintained { get; init; }

    /// <summary>Rules of the policy that have links in maintenance.</summary>
    public required int MaintainedLinks { get; init; }

    public required PairsWithoutWay WithoutWay { get; init; }

    /// <summary>One of them; null where there is none, or none that routes were computed for.</summary>
    public WayQuestion? ExampleWithoutWay { get; init; }
}
