using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>That an edge has subscribers of a pattern, in the list of all that it has told of the space. -1 is none.</summary>
internal struct Registration
{
    public NodeId Edge;

    /// <summary>The registrant's mark when it was told last.</summary>
    public uint Mark;

    public int Previous;
    public int Next;
}
