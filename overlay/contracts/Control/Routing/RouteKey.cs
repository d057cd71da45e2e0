namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// What some ways are for: a destination, and a class. Those of Signal are also those of the other classes, where these have none of their
/// own. All keys of Signal come first.
/// </summary>
public readonly record struct RouteKey(NodeId Destination, RouteClass Class) : IComparable<RouteKey>
{
    private const int ClassBits = 16;

    /// <summary>A destination's number, for class Signal.</summary>
    public RouteKey(ushort destination)
        : this(new NodeId(destination), RouteClass.Signal)
    {
    }

    /// <summary>The class in the third byte from the end, the destination in the last two.</summary>
    public uint Wire => ((uint)Class << ClassBits) | Destination.Value;

    public static bool TryRead(uint wire, out RouteKey key)
    {
        key = new(new((ushort)wire), (RouteClass)(wire >> ClassBits));
        return !key.Destination.IsNone && wire >> ClassBits <= (uint)RouteClass.Bulk;
    }

    public static implicit operator RouteKey(NodeId destination) => FromNodeId(destination);

    /// <summary>A destination, for class Signal.</summary>
    public static RouteKey FromNodeId(NodeId destination) => new(destination, RouteClass.Signal);

    public int CompareTo(RouteKey other) => Wire.CompareTo(other.Wire);

    public static bool operator <(RouteKey left, RouteKey right) => left.Wire < right.Wire;

    public static bool operator >(RouteKey left, RouteKey right) => left.Wire > right.Wire;

    public static bool operator <=(RouteKey left, RouteKey right) => left.Wire <= right.Wire;

    public static bool operator >=(RouteKey left, RouteKey right) => left.Wire >= right.Wire;

    public override string ToString() => Class == RouteClass.Signal ? $"{Destination}" : $"{Destination} for {Class}";
}
