using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>A link that a node found dead and went around, as a packet carries it: docs/wire-format.md, section 6.1.</summary>
internal readonly record struct FailedLink(NodeId From, NodeId To)
{
    /// <summary>Whether this is the link between the two, in whichever direction: a hop that is dead one way is of no use the other.</summary>
    public bool Joins(NodeId a, NodeId b) => (From == a && To == b) || (From == b && To == a);
}
