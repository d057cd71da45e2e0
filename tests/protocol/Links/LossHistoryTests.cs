using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>What is learnt of loss and bursts from gaps in packet numbers.</summary>
public sealed class LossHistoryTests
{
    [Theory]
    [InlineData(0, 1, 4)]
    [InlineData(0.05, 1, 13)]
    [InlineData(0.3, 1, 25)]
    [InlineData(0.15, 4, 130)]
    [InlineData(0.02, 8, 220)]
    public void Loss_and_bursts_are_measured_and_the_cautious_reading_is_worse(double loss, double burst, int atMost)
    {
        var history = Observe(loss, burst, 20_000);
        Assert.InRange(history.Loss, 0, loss + 0.2);
        Assert.InRange(history.Burst, burst * 0.7, (burst * 1.3) + 0.5);
        var cautious = history.Cautious;
        Assert.True(cautious.Loss >= loss * 0.95, $"{cautious}");
        Assert.True(cautious.Stay >= (burst > 1 ? 1 - (1 / burst) : loss), $"{cautious}");
        Assert.InRange(cautious.PacketsFor(1e-9), 1, atMost);
    }

    [Fact]
    public void A_young_link_knows_little_and_waits_long()
    {
        Assert.True(default(LossHistory).Cautious.PacketsFor(1e-9) > 40);
        Assert.True(Observe(0, 1, 100).Cautious.PacketsFor(1e-9) > 15);
        Assert.True(Observe(0, 1, 3_000).Cautious.PacketsFor(1e-9) <= 6);
    }

    [Fact]
    public void What_comes_late_was_not_lost()
    {
        var window = default(ReceiveWindow);
        var history = default(LossHistory);
        for (var number = 0UL; number < 1_000; number++)
        {
            if (number % 10 != 3)
                Take(number);
            if (number >= 60 && (number - 60) % 10 == 3)
                Take(number - 60);
        }

        Assert.InRange(history.Loss, 0, 0.02);

        void Take(ulong number)
        {
            if (window.Record(number, MonoTime.FromMilliseconds((long)number * 20)))
                history.Judge(MonoTime.FromMilliseconds((long)number * 20), window);
            else
                history.OnLate(number);
        }
    }

    [Fact]
    public void A_jump_of_the_numbers_takes_no_time()
    {
        var window = default(ReceiveWindow);
        var history = default(LossHistory);
        for (var number = 1UL; number < 1UL << 60; number <<= 4)
        {
            window.Record(number, MonoTime.Zero);
            history.Judge(MonoTime.Zero, window);
        }

        Assert.InRange(history.Loss, 0.9, 1);
        Assert.InRange(history.Cautious.Loss, 0.8, 0.9);
    }

    private static LossHistory Observe(double loss, double burst, int packets)
    {
        var random = new Random(7);
        var window = default(ReceiveWindow);
        var history = default(LossHistory);
        var stay = burst > 1 ? 1 - (1 / burst) : loss;
        var enter = loss * (1 - stay) / (1 - loss);
        var lost = false;
        for (var number = 0; number < packets; number++)
        {
            lost = random.NextDouble() < (lost ? stay : enter);
            if (lost)
                continue;
            var now = MonoTime.FromMilliseconds(number * 20L);
            window.Record((ulong)number, now);
            history.Judge(now, window);
        }

        return history;
    }
}
