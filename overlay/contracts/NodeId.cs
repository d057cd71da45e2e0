namespace WeCan.Contracts;

/// <summary>
/// A node's number in the overlay: 16 bits, given at enrolment, and what source routes carry. Zero is no node.
/// A node's identity is this number together with its <see cref="BootEpoch"/>.
/// </summary>
public readonly record struct NodeId(ushort Value) : IComparable<NodeId>
{
    public static readonly NodeId None;

    public bool IsNone => Value == 0;

    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public static bool operator <(NodeId left, NodeId right) => left.Value < right.Value;

    public static bool operator >(NodeId left, NodeId right) => left.Value > right.Value;

    public static bool operator <=(NodeId left, NodeId right) => left.Value <= right.Value;

    public static bool operator >=(NodeId left, NodeId right) => left.Value >= right.Value;

    public override string ToString() => $"n{Value}";
}
