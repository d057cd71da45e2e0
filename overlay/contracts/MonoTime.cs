namespace WeCan.Contracts;

/// <summary>
/// A point on one node's monotonic clock, in nanoseconds from an origin that only this node knows. Two nodes' values
/// are never compared: what crosses a link is converted with that link's clock offset. Handed in by whoever drives the
/// protocol; nothing below the runtime reads a clock.
/// </summary>
public readonly record struct MonoTime(long Nanoseconds) : IComparable<MonoTime>
{
    /// <summary>The clock's origin; also what "not yet" is where every later time counts as after it.</summary>
    public static readonly MonoTime Zero;

    /// <summary>Later than every time that occurs: what an unarmed timer shows.</summary>
    public static readonly MonoTime Never = new(long.MaxValue);

    public bool IsNever => Nanoseconds == long.MaxValue;

    public long Microseconds => Nanoseconds / 1_000;

    public static MonoTime FromMilliseconds(long milliseconds) => new(Saturating.Multiply(milliseconds, 1_000_000));

    public static MonoTime FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    public static MonoTime Min(MonoTime left, MonoTime right) => left.Nanoseconds < right.Nanoseconds ? left : right;

    public static MonoTime Max(MonoTime left, MonoTime right) => left.Nanoseconds > right.Nanoseconds ? left : right;

    /// <summary>Adds a duration; <see cref="Never"/> stays <see cref="Never"/>, and what is too far away becomes it.</summary>
    public static MonoTime operator +(MonoTime time, Duration duration) =>
        time.IsNever ? Never : new(Saturating.Add(time.Nanoseconds, duration.Nanoseconds));

    public static MonoTime operator -(MonoTime time, Duration duration) =>
        time.IsNever ? Never : new(Saturating.Subtract(time.Nanoseconds, duration.Nanoseconds));

    /// <summary>The time from right to left: until <see cref="Never"/> the longest there is, from wherever it is asked.</summary>
    public static Duration operator -(MonoTime left, MonoTime right) =>
        left.IsNever && !right.IsNever ? Duration.MaxValue : new(Saturating.Subtract(left.Nanoseconds, right.Nanoseconds));

    public static bool operator <(MonoTime left, MonoTime right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(MonoTime left, MonoTime right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(MonoTime left, MonoTime right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(MonoTime left, MonoTime right) => left.Nanoseconds >= right.Nanoseconds;

    public int CompareTo(MonoTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => IsNever ? "never" : $"t{Nanoseconds / 1e9:F6}";
}
