namespace WeCan.Edge.Bus.Fanout;

/// <summary>What stands in the tree of patterns: one subscription, or the members of a queue group that have the same pattern.</summary>
internal abstract class Listener
{
    /// <summary>Its place in the tree.</summary>
    public int Entry { get; set; }
}
