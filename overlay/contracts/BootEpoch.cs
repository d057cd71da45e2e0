namespace WeCan.Contracts;

/// <summary>
/// Which life of a node this is. It grows with every start (the runtime derives it from the wall clock and what it
/// last stored), so that what was sent to or by an earlier life is told from what is meant for this one. Zero is none.
/// </summary>
public readonly record struct BootEpoch(uint Value) : IComparable<BootEpoch>
{
    public static readonly BootEpoch None;

    public int CompareTo(BootEpoch other) => Value.CompareTo(other.Value);

    public static bool operator <(BootEpoch left, BootEpoch right) => left.Value < right.Value;

    public static bool operator >(BootEpoch left, BootEpoch right) => left.Value > right.Value;

    public static bool operator <=(BootEpoch left, BootEpoch right) => left.Value <= right.Value;

    public static bool operator >=(BootEpoch left, BootEpoch right) => left.Value >= right.Value;

    public override string ToString() => $"e{Value}";
}
