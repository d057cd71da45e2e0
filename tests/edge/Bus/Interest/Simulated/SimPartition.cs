using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>Some edges hear nothing of the others for a while, or of a single one.</summary>
internal sealed record SimPartition(HashSet<SimEdge> Side, SimEdge? Other, MonoTime From, MonoTime Until)
{
    /// <summary>Longer than what a pair of homes may be parted for.</summary>
    private bool IsLong => Until - From >= Duration.FromMilliseconds(3_900);

    /// <summary>The exception: two homes could not hear each other for long, or only lately can.</summary>
    public static bool ArePartedLong(List<SimPartition> partitions, HomePair pair) =>
        partitions.Exists(partition => partition.IsLong && partition.Parts(pair.First, pair.Second));

    public bool Parts(NodeId one, NodeId other) => Has(one) != Has(other) && (Other is null || one == Other.Id || other == Other.Id);

    private bool Has(NodeId edge) => Side.Any(one => one.Id == edge);

    public override string ToString() => $"{string.Join(' ', Side)} parted from {Other?.ToString() ?? "all"} until {Until}";
}
