using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>Some edges hear nothing of the others for a while, or of a single one.</summary>
internal sealed record SimPartition(HashSet<SimEdge> Side, SimEdge? Other, MonoTime From, MonoTime Until)
{
    /// <summary>
    /// The exception: two homes could not hear each other, or only lately can, for so long that they may have been passed over. What both
    /// have confirmed is not excepted.
    /// </summary>
    public static bool WereParted(List<SimPartition> partitions, HomePair pair) =>
        partitions.Exists(partition => partition.Until - partition.From >= Duration.FromSeconds(1) && partition.Parts(pair.First, pair.Second));

    public bool Parts(NodeId one, NodeId other) => Has(one) != Has(other) && (Other is null || one == Other.Id || other == Other.Id);

    private bool Has(NodeId edge) => Side.Any(one => one.Id == edge);

    public override string ToString() => $"{string.Join(' ', Side)} parted from {Other?.ToString() ?? "all"} until {Until}";
}
