using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Simulation.Tests.Liveness;

/// <summary>Links that routes lead over and no data takes: they are quick at first, then cost little, and miss nothing that data would have needed.</summary>
public sealed class QuietLinkTests
{
    /// <summary>After so many seconds without data a link slows down.</summary>
    private const double Quiet = 60;

    [Fact]
    public void A_link_that_nothing_takes_slows_down_after_a_minute_and_a_packet_makes_both_ends_fast()
    {
        using var net = new LiveNet(5, "delay 30 loss 1", hosts: 3);
        net.RunFor(20);
        net.UseAll(0, 1, 2);
        net.RunFor(Quiet - 2);
        Assert.Equal([LinkPace.Fast, LinkPace.Fast], PacesOf(net, 0));
        net.RunFor(4);
        Assert.Equal([LinkPace.Candidate, LinkPace.Candidate], PacesOf(net, 0));

        net.Say(0, 1);
        net.RunFor(0.2);
        Assert.Equal([LinkPace.Fast, LinkPace.Candidate], PacesOf(net, 0));
        Assert.Equal([LinkPace.Fast, LinkPace.Candidate], PacesOf(net, 1));
        net.RunFor(Quiet - 2);
        Assert.Equal([LinkPace.Fast, LinkPace.Candidate], PacesOf(net, 0));
        net.RunFor(4);
        Assert.Equal([LinkPace.Candidate, LinkPace.Candidate], PacesOf(net, 0));
        Assert.Empty(net[0].Downs);
    }

    /// <summary>The price: a link that died while nothing took it is known for dead within two seconds, or as soon as a packet wants it.</summary>
    [Theory]
    [InlineData("delay 20", false, 2_000)]
    [InlineData("delay 60 loss 2", false, 2_000)]
    [InlineData("delay 20", true, 400)]
    [InlineData("delay 60 loss 2", true, 600)]
    public void A_quiet_link_is_found_dead(string weather, bool isWanted, double withinMs)
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            using var net = new LiveNet(seed, weather);
            net.RunFor(20);
            net.UseAll(0, 1);
            net.RunFor(Quiet + 10 + (seed * 0.1));
            net.Loop.Apply("link n1 n2 down");
            if (isWanted)
                net.Say(0, 1);
            var before = net.Loop.Now;
            Assert.True(net.Loop.RunUntil(before + Duration.FromSeconds(30), () => net[0].Downs.Count > 0));
            var took = (net.Loop.Now - before).Milliseconds;
            TestContext.Current.TestOutputHelper?.WriteLine($"{weather}, seed {seed}: {took:F0} ms");
            Assert.InRange(took, 100, withinMs);
        }
    }

    /// <summary>From the first packet on it is judged as any link in use.</summary>
    [Theory]
    [InlineData("delay 20", 210)]
    [InlineData("delay 60 loss 2", 300)]
    public void A_link_that_dies_soon_after_its_first_packet_is_found_dead_as_soon_as_ever(string weather, double withinMs)
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            using var net = new LiveNet(seed, weather);
            net.RunFor(20);
            net.UseAll(0, 1);
            net.RunFor(Quiet + 10);
            net.Say(0, 1);
            net.RunFor(0.5);
            net.Loop.Apply("link n1 n2 down");
            var before = net.Loop.Now;
            Assert.True(net.Loop.RunUntil(before + Duration.FromSeconds(5), () => net[0].Downs.Count > 0));
            var took = (net.Loop.Now - before).Milliseconds;
            TestContext.Current.TestOutputHelper?.WriteLine($"{weather}, seed {seed}: {took:F0} ms");
            Assert.InRange(took, 100, withinMs);
        }
    }

    private static IEnumerable<LinkPace> PacesOf(LiveNet net, int host) =>
        net[host].Node.InspectLinks().OrderBy(link => link.Peer.Value).Select(link => link.Pace);
}
