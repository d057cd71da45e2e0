using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>What a home has of one registrant: a share in each space that it has patterns in.</summary>
internal sealed class Registrar(NodeId edge)
{
    public NodeId Edge { get; } = edge;

    public Dictionary<HomeSpace, Share> Shares { get; } = [];

    /// <summary>Shares with a version that the registrant has to be told of.</summary>
    public Queue<Share> Due { get; } = new();

    public int Patterns { get; set; }

    /// <summary>Grows with each Begin and Leave, so that what was told before is known.</summary>
    public uint Mark { get; set; }

    /// <summary>What was told before it goes with the next Complete; 0 when that has come.</summary>
    public uint BegunAt { get; set; }

    /// <summary>It has told more than is taken, so nothing of it is confirmed until it begins anew.</summary>
    public bool IsRefused { get; set; }
}
