namespace WeCan.Contracts.MessagePack;

/// <summary>
/// A point in time as the format's timestamp extension carries it: seconds since 1970 UTC, before it negative, and the
/// nanoseconds past that second, always forward. Holds every timestamp of the format, most of which no calendar type does.
/// </summary>
public readonly record struct MessagePackTimestamp
{
    public const uint MaxNanoseconds = 999_999_999;

    private const int NanosecondsPerTick = 100;

    /// <exception cref="ArgumentOutOfRangeException">The nanoseconds make a second or more.</exception>
    public MessagePackTimestamp(long seconds, uint nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, MaxNanoseconds);
        Seconds = seconds;
        Nanoseconds = nanoseconds;
    }

    public long Seconds { get; }

    public uint Nanoseconds { get; }

    public static MessagePackTimestamp FromDateTimeOffset(DateTimeOffset time)
    {
        // The tick count starts at the year 1 and is never negative, so its remainder points forward before 1970 too.
        var nanoseconds = (uint)(time.UtcTicks % TimeSpan.TicksPerSecond) * NanosecondsPerTick;
        return new(time.ToUnixTimeSeconds(), nanoseconds);
    }

    /// <summary>False outside the years 1 to 9999. What is finer than 100 ns is cut off.</summary>
    public bool TryToDateTimeOffset(out DateTimeOffset time)
    {
        time = default;
        if (Seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return false;
        time = DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / NanosecondsPerTick);
        return true;
    }

    public override string ToString() =>
        TryToDateTimeOffset(out var time)
            ? $"{time:yyyy-MM-dd'T'HH:mm:ss}.{Nanoseconds:d9}Z"
            : $"{Seconds} s and {Nanoseconds} ns after 1970";
}
