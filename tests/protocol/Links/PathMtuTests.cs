using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>The datagram size follows what the path carries, and nothing but that: docs/wire-format.md, section 1.</summary>
public sealed class PathMtuTests
{
    [Fact]
    public void A_path_that_carries_less_than_before_is_searched_anew_from_below()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1));
        Assert.Equal(WireLimits.FullDatagram, pair.A.DatagramSize);
        pair.Mtu = 1_300;
        Talk(pair, Duration.FromSeconds(5), isLong: i => i % 2 == 0);
        Assert.InRange(pair.A.DatagramSize, 1_272 - LinkLimits.MtuStep, 1_272);
    }

    [Fact]
    public void A_path_that_carries_more_again_is_found_in_time()
    {
        using var pair = new LinkPair { Mtu = 1_300 };
        pair.RunFor(Duration.FromSeconds(10));
        Assert.InRange(pair.A.DatagramSize, 1_272 - LinkLimits.MtuStep, 1_272);
        pair.Mtu = 1_500;
        pair.RunFor(LinkLimits.MtuRaiseFirst + Duration.FromSeconds(10));
        Assert.Equal(WireLimits.FullDatagram, pair.A.DatagramSize);
    }

    [Fact]
    public void A_narrow_path_is_tried_less_and_less()
    {
        using var pair = new LinkPair { Mtu = 1_200 };
        pair.RunFor(Duration.FromSeconds(10));
        var large = 0;
        pair.Tap = (toA, datagram) =>
        {
            large += !toA && datagram.Length > 1_172 ? 1 : 0;
            return true;
        };
        pair.RunFor(Duration.FromSeconds(7_200));
        Assert.InRange(large, LinkLimits.MtuProbes * 2, LinkLimits.MtuProbes * 6);
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.15, 4)]
    [InlineData(0.05, 8)]
    public void Loss_and_bursts_are_no_black_hole(double loss, double burst)
    {
        using var pair = new LinkPair { Delay = Duration.FromMilliseconds(10) };
        pair.RunFor(Duration.FromSeconds(1));
        Assert.Equal(WireLimits.FullDatagram, pair.A.DatagramSize);
        var random = new Random(3);
        var (stay, lost, shrunk) = (burst > 1 ? 1 - (1 / burst) : loss, false, false);
        var enter = loss * (1 - stay) / (1 - loss);
        pair.Tap = (toA, _) =>
        {
            shrunk |= pair.A.DatagramSize < WireLimits.FullDatagram;
            return toA || !(lost = random.NextDouble() < (lost ? stay : enter));
        };
        Talk(pair, Duration.FromSeconds(40), isLong: i => i % 3 != 0);
        Assert.False(shrunk);
    }

    [Fact]
    public void Nothing_above_the_operators_bound_is_sent()
    {
        var mtu = new PathMtu();
        mtu.Limit(1_200);
        Assert.Equal(1_200, mtu.ProbeSize);
        mtu.OnProbeSent();
        mtu.OnAcked(new SentPacket { IsMtuProbe = true, Size = 1_200 });
        Assert.Equal(1_200, mtu.DatagramSize);
        Assert.True(mtu.ProbeAt.IsNever);
        mtu.Limit(1);
        mtu.Reset(MonoTime.Zero);
        Assert.Equal(WireLimits.BaseDatagram, mtu.DatagramSize);
        Assert.True(mtu.ProbeAt.IsNever);
    }

    /// <summary>Probes that vanish are no loss to either end; the numbers that are left out now and then are.</summary>
    [Fact]
    public void A_probe_that_vanishes_is_not_counted_as_lost()
    {
        using var pair = new LinkPair { Mtu = 1_200 };
        Talk(pair, Duration.FromSeconds(20), isLong: _ => false);
        Assert.InRange(pair.A.DatagramSize, 1_172 - LinkLimits.MtuStep, 1_172);
        Assert.Equal(0, pair.A.Counters.PacketsLost);
        Assert.InRange(pair.B.Liveness.LossFrom, 0, 1.0 / LinkLimits.FirstAckTrap);
    }

    private static void Talk(LinkPair pair, Duration time, Func<int, bool> isLong)
    {
        var end = pair.Now + time;
        for (var i = 0; pair.Now < end; i++)
        {
            pair.Send(pair.A, ServiceClass.Realtime, LinkPair.Numbered(i, isLong(i) ? 1_280 : 100), deadline: pair.Now + Duration.FromMilliseconds(100));
            pair.RunFor(Duration.FromMilliseconds(5));
        }
    }
}
