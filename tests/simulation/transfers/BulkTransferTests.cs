using WeCan.Contracts;
using WeCan.Simulation.Transfers;

namespace WeCan.Simulation.Tests.Transfers;

/// <summary>What `bench bulk` measures, shorter and with slack: that a change has not spoilt it.</summary>
public sealed class BulkTransferTests
{
    private static readonly Duration Time = Duration.FromSeconds(4);

    [Theory]
    [InlineData(0, 78)]
    [InlineData(1, 76)]
    [InlineData(5, 70)]
    [InlineData(20, 55)]
    public void Random_loss_hardly_slows_a_transfer(double lossPercent, double leastMbps)
    {
        var result = BulkTransfer.Alone(new() { LossPercent = lossPercent }, seed: 2, Time);
        Assert.True(result.GoodputMbps > leastMbps, $"{result}");
        Assert.True(result.QueueP50Ms < 20, $"{result}");
    }

    [Theory]
    [InlineData(100, 80, 5)]
    [InlineData(50, 200, 50)]
    public void A_bottleneck_with_a_short_queue_is_not_flooded(double rateMbps, double roundTripMs, double queueMs)
    {
        var result = BulkTransfer.Alone(new() { RateMbps = rateMbps, RoundTripMs = roundTripMs, QueueMs = queueMs }, seed: 1, Time);
        Assert.True(result.Wire < 1.3, $"{result}");
        Assert.True(result.GoodputMbps > rateMbps * 0.6, $"{result}");
    }

    /// <summary>Where little fits the path, what is tried beyond its rate is much: trying it must not make a queue that stands.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void A_slow_path_with_a_long_queue_is_hardly_queued_on(double rateMbps)
    {
        var waits = Enumerable.Range(1, 5)
            .Select(seed => BulkTransfer.Alone(new() { RateMbps = rateMbps, RoundTripMs = 40, QueueMs = 200 }, (ulong)seed, Time * 2).QueueP50Ms).Order().ToArray();
        Assert.True(waits[2] < 10, string.Join(' ', waits));
    }

    [Fact]
    public void A_path_that_has_become_longer_is_filled_again()
    {
        // When the round trip is measured anew, seen from the change, is chance: one seed alone says little.
        var path = new Bottleneck { RateMbps = 40, RoundTripMs = 20, Changes = "at 2 link a b delay 100" };
        var rates = Enumerable.Range(1, 10).Select(seed => BulkTransfer.Alone(path, (ulong)seed, Duration.FromSeconds(8)).GoodputMbps).Order().ToArray();
        Assert.True(rates[5] > 28 && rates[0] > 25, string.Join(' ', rates));
    }

    [Fact]
    public void A_bottleneck_that_has_become_faster_or_slower_is_found_out()
    {
        var faster = BulkTransfer.Alone(new() { RateMbps = 10, Changes = "at 2 path a b rate 50" }, seed: 1, Duration.FromSeconds(6));
        Assert.True(faster.GoodputMbps > 26, $"{faster}");
        var slower = BulkTransfer.Alone(new() { RateMbps = 50, Changes = "at 2 path a b rate 10" }, seed: 1, Duration.FromSeconds(6));
        Assert.True(slower.Wire < 1.5, $"{slower}");
    }

    [Fact]
    public void Neither_of_two_transfers_starves_the_other()
    {
        var path = new Bottleneck { RateMbps = 40 };
        var (time, second) = (Duration.FromSeconds(16), Duration.FromSeconds(2));
        Assert.InRange(BulkTransfer.ShareOfSelf(path, seed: 1, time, second), 0.25, 0.5);
        Assert.InRange(BulkTransfer.ShareBesideLossBased(path, seed: 1, time, second, oursFirst: false), 0.15, 0.85);
    }

    [Fact]
    public void The_modelled_tcp_does_what_kernels_do()
    {
        Assert.InRange(BulkTransfer.LossBasedAlone(new(), seed: 1, Time).GoodputMbps, 80, 96);
        Assert.InRange(BulkTransfer.LossBasedAlone(new() { LossPercent = 1 }, seed: 1, Duration.FromSeconds(10)).GoodputMbps, 1, 5);
        Assert.InRange(BulkTransfer.LossBasedAlone(new() { LossPercent = 5 }, seed: 1, Duration.FromSeconds(10)).GoodputMbps, 0.3, 1.5);
    }
}
