namespace WeCan.Contracts.Tests;

public sealed class BandwidthTests
{
    [Fact]
    public void Units_convert_without_losing_a_bit()
    {
        for (var i = 0; i < 3_000; i++)
            Assert.Equal(i * 1_000L, Bandwidth.FromMegabitsPerSecond(i / 1000.0).BitsPerSecond);
        Assert.Equal(2.5, new Bandwidth(2_500_000).MegabitsPerSecond);
    }

    [Fact]
    public void Bytes_time_and_rate_agree()
    {
        for (var megabits = 1; megabits < 20_000; megabits += 7)
        {
            var rate = new Bandwidth(megabits * 1_000_000L);
            var second = Duration.FromSeconds(1);
            var bytes = megabits * 125_000L;
            Assert.Equal(bytes, rate.BytesIn(second));
            Assert.Equal(second, rate.TimeFor(bytes));
            Assert.Equal(rate, Bandwidth.FromBytes(bytes, second));
        }
    }

    [Fact]
    public void A_packet_takes_its_time()
    {
        Assert.Equal(Duration.FromMicroseconds(120), Bandwidth.FromMegabitsPerSecond(100).TimeFor(1_500));
        Assert.Equal(1_500, Bandwidth.FromMegabitsPerSecond(100).BytesIn(Duration.FromMicroseconds(120)));
        Assert.Equal(0, Bandwidth.FromMegabitsPerSecond(8).BytesIn(new(999)));
    }

    [Fact]
    public void Zero_is_no_limit_and_no_time_gives_no_rate()
    {
        Assert.Equal(Duration.Zero, Bandwidth.Zero.TimeFor(1_500));
        Assert.Equal(0, Bandwidth.Zero.BytesIn(Duration.FromSeconds(1)));
        Assert.Equal(Bandwidth.Zero, Bandwidth.FromBytes(1_500, Duration.Zero));
        Assert.Equal(Bandwidth.Zero, Bandwidth.FromBytes(1_500, new(-1)));
    }

    [Fact]
    public void Order_and_text_are_the_rates()
    {
        var (slow, fast) = (new Bandwidth(64_000), Bandwidth.FromMegabitsPerSecond(2.5));
        Assert.True(slow < fast && fast > slow && slow <= fast && fast >= slow && slow.CompareTo(fast) < 0);
        Assert.Equal("2.5 Mbit/s", fast.ToString());
        Assert.Equal("0.064 Mbit/s", slow.ToString());
    }
}
