using System.Globalization;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

public sealed class MessagePackTimestampTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00.0000000Z", 0, 0)]
    [InlineData("1969-12-31T23:59:59.7500000Z", -1, 750_000_000)]
    [InlineData("2026-09-21T14:13:20.1234567Z", 1_790_000_000, 123_456_700)]
    [InlineData("0001-01-01T00:00:00.0000000Z", -62135596800, 0)]
    [InlineData("9999-12-31T23:59:59.9999999Z", 253402300799, 999_999_900)]
    public void Calendar_time_goes_both_ways(string text, long seconds, uint nanoseconds)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(new(seconds, nanoseconds), MessagePackTimestamp.FromDateTimeOffset(time));
        Assert.True(new MessagePackTimestamp(seconds, nanoseconds).TryToDateTimeOffset(out var back));
        Assert.Equal(time, back);
    }

    [Fact]
    public void An_offset_does_not_move_the_point_in_time()
    {
        var time = new DateTimeOffset(2026, 9, 21, 14, 13, 20, TimeSpan.FromHours(5.5));
        Assert.Equal(MessagePackTimestamp.FromDateTimeOffset(time.ToUniversalTime()), MessagePackTimestamp.FromDateTimeOffset(time));
    }

    [Fact]
    public void Finer_than_the_calendar_is_cut_off_not_rounded_up()
    {
        Assert.True(new MessagePackTimestamp(-1, 999_999_999).TryToDateTimeOffset(out var time));
        Assert.Equal(-1, time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks);
    }

    [Theory]
    [InlineData(-62135596801)]
    [InlineData(253402300800)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Outside_the_calendar_there_is_no_calendar_time(long seconds)
    {
        var timestamp = new MessagePackTimestamp(seconds, 999_999_999);
        Assert.False(timestamp.TryToDateTimeOffset(out _));
        Assert.Contains(seconds.ToString(CultureInfo.InvariantCulture), timestamp.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_of_nanoseconds_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessagePackTimestamp(0, 1_000_000_000));

    [Fact]
    public void Its_text_shows_every_nanosecond() =>
        Assert.Equal("1969-12-31T23:59:59.000000001Z", new MessagePackTimestamp(-1, 1).ToString());
}
