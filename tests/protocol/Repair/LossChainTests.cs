using WeCan.Protocol.Repair;

namespace WeCan.Protocol.Tests.Repair;

public sealed class LossChainTests
{
    [Theory]
    [InlineData(0.05, 1, 0.001, 3)] // 0.05 ^ 2 is more, 0.05 ^ 3 is less
    [InlineData(0.05, 2, 0.001, 4)] // at least 3 of 4 lost: 0.00048
    [InlineData(0.05, 3, 0.001, 6)] // at least 3 of 5: 0.00116
    [InlineData(0.10, 1, 0.0011, 3)]
    [InlineData(0.0001, 1, 0.001, 1)]
    public void Independent_loss_asks_for_as_many_as_the_binomial_says(double loss, int needed, double failure, int expected)
    {
        Assert.Equal(expected, new LossChain(loss, burst: 1, apart: 1).CountFor(needed, failure, most: 40));
    }

    [Fact]
    public void Bursts_ask_for_more_and_distance_takes_that_away()
    {
        var near = new LossChain(0.05, burst: 5, apart: 1).CountFor(2, 0.001, most: 40);
        var far = new LossChain(0.05, burst: 5, apart: 100).CountFor(2, 0.001, most: 40);
        Assert.Equal(new LossChain(0.05, burst: 1, apart: 1).CountFor(2, 0.001, most: 40), far);
        Assert.True(near > 2 * far, $"{near} near each other, {far} far apart");
    }

    [Fact]
    public void What_stays_lost_without_repairs_is_the_loss_itself()
    {
        Assert.Equal(0.05, new LossChain(0.05, burst: 1, apart: 1).Residual(8, 0), 6);
        Assert.Equal(0.05, new LossChain(0.05, burst: 5, apart: 1).Residual(8, 0), 6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_simulated_block_loses_what_the_chain_says(double burst)
    {
        const int Block = 8;
        const int Repairs = 3;
        const double Loss = 0.1;
        var random = new Random(7);
        var leave = 1 / burst;
        var enter = leave * Loss / (1 - Loss);
        var isDown = false;
        long gone = 0;
        const int Blocks = 200_000;
        for (var i = 0; i < Blocks; i++)
        {
            int lost = 0, lostData = 0;
            for (var place = 0; place < Block + Repairs; place++)
            {
                isDown = burst <= 1 ? random.NextDouble() < Loss : isDown ? random.NextDouble() >= leave : random.NextDouble() < enter;
                lost += isDown ? 1 : 0;
                lostData += isDown && place < Block ? 1 : 0;
            }

            gone += lost > Repairs ? lostData : 0;
        }

        var expected = new LossChain(Loss, burst, apart: 1).Residual(Block, Repairs);
        var seen = gone / (double)(Blocks * Block);
        Assert.InRange(seen, expected * 0.9, expected * 1.1);
    }
}
