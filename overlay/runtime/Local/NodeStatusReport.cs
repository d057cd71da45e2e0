namespace WeCan.Runtime.Local;

/// <summary>How a node is, as it says itself. Times are UTC.</summary>
internal sealed record NodeStatusReport
{
    /// <summary>"wecan-relay 0.1.0".</summary>
    public required string Software { get; init; }

    public required int Node { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required string Region { get; init; }

    public required string Network { get; init; }

    /// <summary>The boot epoch: which of its lives this is.</summary>
    public required uint Life { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required string Listen { get; init; }

    public required bool IsDraining { get; init; }

    /// <summary>A controller holds it for no member any more, as it was revoked or not renewed.</summary>
    public required bool IsDisowned { get; init; }

    /// <summary>For labs: it loses or delays on purpose.</summary>
    public required bool IsImpaired { get; init; }

    public required ControllerReport Controller { get; init; }

    public required DateTimeOffset CertificateEnd { get; init; }

    public required string MembershipVersion { get; init; }

    public required int Relays { get; init; }

    public required int Edges { get; init; }

    /// <summary>Links to members that stand.</summary>
    public required int Links { get; init; }

    /// <summary>Of them, those whose peer is silent.</summary>
    public required int LinksSilent { get; init; }

    public required string RoutesVersion { get; init; }

    /// <summary>Destinations that a controller has told the ways to.</summary>
    public required int Destinations { get; init; }
}
