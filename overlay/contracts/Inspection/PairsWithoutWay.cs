namespace WeCan.Contracts.Inspection;

/// <summary>Pairs of nodes that report, each direction counted, to which no way leads: by class of traffic, as a policy may close links to one and not to another.</summary>
public sealed record PairsWithoutWay(int Realtime, int Signal, int Bulk)
{
    /// <summary>Whether every pair has one, for whatever it sends.</summary>
    public bool IsNone => this == new PairsWithoutWay(0, 0, 0);
}
