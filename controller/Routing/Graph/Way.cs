using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>A way between two nodes by the relays that it passes, none, one or two, in four bytes.</summary>
internal readonly record struct Way(NodeId First, NodeId Second)
{
    /// <summary>No way at all: a second relay without a first.</summary>
    public static readonly Way None = new(NodeId.None, new(ushort.MaxValue));

    /// <summary>Straight, over the link of the two.</summary>
    public static readonly Way Direct;

    public bool IsNone => First.IsNone && !Second.IsNone;

    public bool IsDirect => First.IsNone && Second.IsNone;

    public int Relays => First.IsNone ? 0 : Second.IsNone ? 1 : 2;

    /// <summary>Whether the two share no relay, and are not both direct.</summary>
    public bool IsDisjointFrom(Way other)
    {
        if (IsDirect || other.IsDirect)
            return IsDirect != other.IsDirect;
        return First != other.First && First != other.Second && (Second.IsNone || (Second != other.First && Second != other.Second));
    }
}
