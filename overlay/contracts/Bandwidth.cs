namespace WeCan.Contracts;

/// <summary>A rate in bits per second. Zero means "not known" or "no limit" only where the owner's contract says so.</summary>
public readonly record struct Bandwidth(long BitsPerSecond) : IComparable<Bandwidth>
{
    public static readonly Bandwidth Zero;

    public double MegabitsPerSecond => BitsPerSecond / 1e6;

    public static Bandwidth FromMegabitsPerSecond(double megabits) => new((long)Math.Round(megabits * 1e6));

    public static Bandwidth FromBytes(long bytes, Duration over) =>
        over.Nanoseconds <= 0 ? Zero : new((long)(bytes * 8e9 / over.Nanoseconds));

    /// <summary>How long <paramref name="bytes"/> take at this rate; nothing at a rate of zero, which is no limit.</summary>
    public Duration TimeFor(long bytes) => BitsPerSecond == 0 ? Duration.Zero : new((long)(bytes * 8e9 / BitsPerSecond));

    public long BytesIn(Duration duration) => (long)((double)BitsPerSecond * duration.Nanoseconds / 8e9);

    public static bool operator <(Bandwidth left, Bandwidth right) => left.BitsPerSecond < right.BitsPerSecond;

    public static bool operator >(Bandwidth left, Bandwidth right) => left.BitsPerSecond > right.BitsPerSecond;

    public static bool operator <=(Bandwidth left, Bandwidth right) => left.BitsPerSecond <= right.BitsPerSecond;

    public static bool operator >=(Bandwidth left, Bandwidth right) => left.BitsPerSecond >= right.BitsPerSecond;

    public int CompareTo(Bandwidth other) => BitsPerSecond.CompareTo(other.BitsPerSecond);

    public override string ToString() => $"{MegabitsPerSecond:0.###} Mbit/s";
}
