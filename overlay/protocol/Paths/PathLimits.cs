namespace WeCan.Protocol.Paths;

/// <summary>What the path layer of one node holds and spends: this implementation's tuning, not the specification's.</summary>
internal static class PathLimits
{
    /// <summary>Ways to one destination that a node ranks behind its route; a longer list is refused whole.</summary>
    public const int MaxAlternates = 4;

    /// <summary>Sets of 256 edges that a node knows the members of; an index in one more is refused.</summary>
    public const int MaxEdgeSets = 64;
}
