namespace WeCan.Contracts.Control;

/// <summary>What a node is in the network. The values are the wire's.</summary>
public enum NodeRole
{
    /// <summary>Forwards packets between nodes.</summary>
    Relay = 1,

    /// <summary>A relay that also gives access; it has an edge index.</summary>
    Edge = 2,
}
