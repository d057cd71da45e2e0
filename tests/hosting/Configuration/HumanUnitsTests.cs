using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Tests.Configuration;

public sealed class HumanUnitsTests
{
    [Theory]
    [InlineData("200ms", 2_000_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("1h30m", 54_000_000_000)]
    [InlineData("10 s", 100_000_000)]
    [InlineData("50us", 500)]
    [InlineData("50µs", 500)]
    [InlineData("2d", 1_728_000_000_000)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, long ticks)
    {
        Assert.Null(HumanUnits.ParseDuration(text, out var value));
        Assert.Equal(ticks, value.Ticks);
    }

    [Theory]
    [InlineData("64KiB", 65_536)]
    [InlineData("64kB", 64_000)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("512B", 512)]
    [InlineData("2TiB", 2_199_023_255_552)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.Null(HumanUnits.ParseBytes(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("20Mbit/s", 20_000_000)]
    [InlineData("1.25Gbit/s", 1_250_000_000)]
    [InlineData("9600bit/s", 9_600)]
    public void Rates_are_read(string text, long bits)
    {
        Assert.Null(HumanUnits.ParseBitsPerSecond(text, out var value));
        Assert.Equal(bits, value);
    }

    [Theory]
    [InlineData("10", "write \"10s\" or \"10ms\"")]
    [InlineData("", "it is empty")]
    [InlineData("-1s", "not negative")]
    [InlineData("soon", "write a number and its unit")]
    [InlineData("5sec", "the units are us")]
    [InlineData("5S", "did you mean \"s\"?")]
    [InlineData("99999999999d", "more than can be counted")]
    [InlineData("0.00000001s", "finer than can be counted")]
    [InlineData("1..5s", "write a number and its unit")]
    public void A_wrong_duration_says_what_to_write(string text, string says) => Assert.Contains(says, HumanUnits.ParseDuration(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("64", "write \"64KiB\" or \"64kB\"")]
    [InlineData("64K", "is no unit of a size")]
    [InlineData("64kib", "did you mean \"KiB\"?")]
    [InlineData("1MiB 1KiB", "one number and one unit")]
    public void A_wrong_size_says_what_to_write(string text, string says) => Assert.Contains(says, HumanUnits.ParseBytes(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("20Mbps", "did you mean \"Mbit/s\"?")]
    [InlineData("20", "write \"20Mbit/s\"")]
    public void A_wrong_rate_says_what_to_write(string text, string says) => Assert.Contains(says, HumanUnits.ParseBitsPerSecond(text, out _), StringComparison.Ordinal);

    // Over many sizes and both sides of each unit: what is written is read as the same.
    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var number = random.NextInt64(long.MaxValue) >> random.Next(63);
            if (random.Next(2) == 0)
                number = number / 1_000 * 1_000;
            Assert.Null(HumanUnits.ParseBytes(HumanUnits.FormatBytes(number), out var bytes));
            Assert.Equal(number, bytes);
            Assert.Null(HumanUnits.ParseBitsPerSecond(HumanUnits.FormatBitsPerSecond(number), out var bits));
            Assert.Equal(number, bits);
            var ticks = number % TimeSpan.FromDays(9_999).Ticks;
            Assert.Null(HumanUnits.ParseDuration(HumanUnits.FormatDuration(new TimeSpan(ticks)), out var time));
            Assert.Equal(ticks, time.Ticks);
        }
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        var random = new Random(2);
        const string Letters = "0123456789.smhdKkiB/bitMGT µ-+eE\0 ";
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Create(random.Next(24), random, static (span, random) => random.GetItems(Letters.AsSpan(), span));
            _ = HumanUnits.ParseDuration(text, out _);
            _ = HumanUnits.ParseBytes(text, out _);
            _ = HumanUnits.ParseBitsPerSecond(text, out _);
            _ = HumanAddresses.ParseEndPoint(text, out _);
            _ = HumanAddresses.ParseHost(text, out _);
        }
    }

    [Fact]
    public void Long_durations_are_written_in_whole_units() =>
        Assert.Equal(["90s", "2m", "36h", "1500ms"], new[] { 90, 120, 129_600, 1.5 }.Select(seconds => HumanUnits.FormatDuration(TimeSpan.FromSeconds(seconds))).ToList());
}
