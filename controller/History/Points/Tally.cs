namespace WeCan.Controller.History.Points;

/// <summary>
/// What was measured of one thing in some time: values, each with a weight. Two of them added are exactly what would have come of
/// all values at once. Sums that are beyond any network stay at the greatest number.
/// </summary>
internal sealed class Tally(TallyKind kind)
{
    public TallyKind Kind => kind;

    public long Count { get; private set; }

    public long Total { get; private set; }

    public long Least { get; private set; }

    public long Greatest { get; private set; }

    /// <summary>Null where it is not kept, or nothing was measured.</summary>
    public Spread? Spread { get; private set; }

    public double Mean => Count == 0 ? 0 : (double)Total / Count;

    public static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    /// <summary>Adds to the sum alone, for what is counted and not measured.</summary>
    public void Add(long amount) => Total = Sum(Total, Math.Max(0, amount));

    public void Add(long value, long weight)
    {
        if (weight <= 0)
            return;
        value = Math.Max(0, value);
        Widen(value, value);
        Count = Sum(Count, weight);
        Total = Sum(Total, value > long.MaxValue / weight ? long.MaxValue : value * weight);
        if (kind == TallyKind.Spread)
            (Spread ??= new()).Add(value, weight);
    }

    public void Add(Tally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count > 0)
            Widen(other.Least, other.Greatest);
        Count = Sum(Count, other.Count);
        Total = Sum(Total, other.Total);
        if (other.Spread is { } spread)
            (Spread ??= new()).Add(spread);
    }

    /// <summary>Takes over what was written.</summary>
    public void Restore(long count, long total, long least, long greatest, Spread? spread) =>
        (Count, Total, Least, Greatest, Spread) = (count, total, least, greatest, spread);

    /// <summary>The value that this share of the weight does not exceed, to within a sixtieth and never beyond what was measured.</summary>
    public long Quantile(double share) => Spread is null ? 0 : Math.Clamp(Spread.Quantile(share), Least, Greatest);

    private void Widen(long least, long greatest)
    {
        Least = Count == 0 ? least : Math.Min(Least, least);
        Greatest = Count == 0 ? greatest : Math.Max(Greatest, greatest);
    }
}
