namespace WeCan.Contracts;

/// <summary>
/// A point in time by the wall clock, in whole seconds since 1970 UTC: when a certificate, a token or a member ends.
/// Wall clocks differ and jump, so nothing but such ends is ever decided by one; what lies between two events is measured
/// with <see cref="MonoTime"/>.
/// </summary>
public readonly record struct UnixTime(long Seconds) : IComparable<UnixTime>
{
    /// <summary>The end of the year 9999: no later time is read from anybody, so that no sum of times overflows.</summary>
    public static readonly UnixTime MaxValue = new(253_402_300_799);

    public static UnixTime From(DateTimeOffset time) => new(time.ToUnixTimeSeconds());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(Seconds, 0, MaxValue.Seconds));

    public static UnixTime operator +(UnixTime time, Duration duration) => new(Saturating.Add(time.Seconds, duration.Nanoseconds / 1_000_000_000));

    public static UnixTime operator -(UnixTime time, Duration duration) => new(Saturating.Subtract(time.Seconds, duration.Nanoseconds / 1_000_000_000));

    public static Duration operator -(UnixTime left, UnixTime right) => new(Saturating.Multiply(Saturating.Subtract(left.Seconds, right.Seconds), 1_000_000_000));

    public static bool operator <(UnixTime left, UnixTime right) => left.Seconds < right.Seconds;

    public static bool operator >(UnixTime left, UnixTime right) => left.Seconds > right.Seconds;

    public static bool operator <=(UnixTime left, UnixTime right) => left.Seconds <= right.Seconds;

    public static bool operator >=(UnixTime left, UnixTime right) => left.Seconds >= right.Seconds;

    public int CompareTo(UnixTime other) => Seconds.CompareTo(other.Seconds);

    public override string ToString() => $"{ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:ss}Z";
}
