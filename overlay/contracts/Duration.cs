namespace WeCan.Contracts;

/// <summary>
/// A length of time in nanoseconds, signed: the difference of two <see cref="MonoTime"/>s. Arithmetic stops at the
/// longest and shortest duration instead of wrapping.
/// </summary>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    public static readonly Duration Zero;

    public static readonly Duration MaxValue = new(long.MaxValue);

    public long Microseconds => Nanoseconds / 1_000;

    public double Milliseconds => Nanoseconds / 1e6;

    public double Seconds => Nanoseconds / 1e9;

    public static Duration FromNanoseconds(long nanoseconds) => new(nanoseconds);

    public static Duration FromMicroseconds(long microseconds) => new(Saturating.Multiply(microseconds, 1_000));

    public static Duration FromMilliseconds(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    public static Duration FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    public static Duration Min(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds ? left : right;

    public static Duration Max(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds ? left : right;

    public TimeSpan ToTimeSpan() => new(Nanoseconds / 100);

    public static Duration operator +(Duration left, Duration right) => new(Saturating.Add(left.Nanoseconds, right.Nanoseconds));

    public static Duration operator -(Duration left, Duration right) => new(Saturating.Subtract(left.Nanoseconds, right.Nanoseconds));

    public static Duration operator -(Duration value) => new(Saturating.Subtract(0, value.Nanoseconds));

    public static Duration operator *(Duration duration, long factor) => new(Saturating.Multiply(duration.Nanoseconds, factor));

    public static Duration operator *(Duration duration, double factor) => new((long)(duration.Nanoseconds * factor));

    public static Duration operator /(Duration duration, long divisor) => new(duration.Nanoseconds / divisor);

    public static bool operator <(Duration left, Duration right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(Duration left, Duration right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(Duration left, Duration right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(Duration left, Duration right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => Math.Abs((double)Nanoseconds) switch
    {
        < 1_000 => $"{Nanoseconds} ns",
        < 1_000_000 => $"{Nanoseconds / 1e3:0.###} µs",
        < 1_000_000_000 => $"{Nanoseconds / 1e6:0.###} ms",
        _ => $"{Nanoseconds / 1e9:0.###} s",
    };
}
