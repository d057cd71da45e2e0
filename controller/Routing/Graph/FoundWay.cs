namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// A way that a search found: what it costs, and the places of its relays, below zero where there is none. Of two that cost the same the
/// one with the lower places comes first, so that there is always one best.
/// </summary>
internal readonly record struct FoundWay(int Cost, int First, int Second)
{
    public static readonly FoundWay None = new(Topology.Unreachable, -1, -1);

    public bool IsNone => Cost >= Topology.Unreachable;

    public bool IsDirect => First < 0;

    public bool IsBefore(in FoundWay other) =>
        Cost != other.Cost ? Cost < other.Cost : First != other.First ? First < other.First : Second < other.Second;

    public bool HasRelays(int first, int second) => First == first && Second == second;
}
