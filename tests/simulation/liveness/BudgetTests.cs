using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Simulation.Tests.Liveness;

/// <summary>
/// What a node sends when nobody says anything: everything counts, headers of IP and UDP too, from the end of the
/// handshakes on, with datagram sizes, keys and clocks and whatever else a link does by itself.
/// </summary>
public sealed class BudgetTests
{
    private const double Seconds = 30;
    private const int FastLinks = 12;
    private const int CandidateLinks = 24;

    /// <summary>All links of all nodes are wanted by all, which is more than any routes ask.</summary>
    [Theory]
    [InlineData("delay 30")]
    [InlineData("delay 30 loss 1 mtu 1300")]
    public void In_a_mesh_of_fifty_each_node_spends_at_most_200_kbit(string weather)
    {
        using var net = new LiveNet(1, weather, hosts: 50);
        net.RunFor(10);
        net.UseAll([.. Enumerable.Range(0, 50)]);
        net.RunFor(5);
        var before = Enumerable.Range(0, 50).Select(host => net[host].Bytes).ToArray();
        net.RunFor(Seconds);
        var spent = Enumerable.Range(0, 50).Select(host => (net[host].Bytes - before[host]) * 8 / Seconds / 1_000).Order().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{weather}: {spent[0]:F0} to {spent[^1]:F0} kbit/s, {spent.Average():F0} on average");
        Assert.All(Enumerable.Range(0, 50), host => Assert.InRange(Count(net[host], LinkPace.Fast), 1, 12));
        Assert.InRange(spent[^1], 50, 200);
    }

    /// <summary>
    /// One node with 261 links and with 511, the others having theirs to it alone: the difference is what idle links cost, and
    /// is reckoned on to 999. The node wants all its links in use, and of the others as many want theirs in use, or
    /// measured, as would if each had as many to choose from.
    /// </summary>
    [Theory]
    [InlineData("delay 30 loss 1")]
    public void In_a_mesh_of_a_thousand_a_node_spends_at_most_400_kbit(string weather)
    {
        var (fewer, more) = (SpentByHub(weather, 262), SpentByHub(weather, 512));
        var idle = (more - fewer) / 250;
        var spent = more + (idle * (1_000 - 512));
        TestContext.Current.TestOutputHelper?.WriteLine($"{weather}: {fewer:F0} and {more:F0} kbit/s, so {idle * 1_000:F0} bit/s for an idle link and {spent:F0} kbit/s for 999");
        Assert.InRange(spent, 50, 400);
    }

    [Fact]
    public void Links_that_nobody_wants_are_idle_and_a_packet_makes_one_fast_at_both_ends()
    {
        using var net = new LiveNet(3, "delay 30", hosts: 4);
        net.RunFor(20);
        Assert.Equal(3, Count(net[0], LinkPace.Idle));
        net.Say(0, 1);
        net.RunFor(0.2);
        foreach (var (host, other) in ((int, int)[])[(0, 1), (1, 0)])
        {
            Assert.Equal(1, Count(net[host], LinkPace.Fast));
            Assert.Equal(LinkPace.Fast, net[host].Node.InspectLinks().Single(link => link.Peer == LiveNet.IdOf(other)).Pace);
        }

        net.RunFor(10);
        Assert.Equal(3, Count(net[0], LinkPace.Idle));
        Assert.Empty(net[0].Downs);
    }

    [Theory]
    [InlineData("delay 20", 400)]
    [InlineData("delay 60", 600)]
    public void A_packet_on_an_idle_link_finds_it_dead(string weather, double withinMs)
    {
        using var net = new LiveNet(4, weather);
        net.RunFor(90.7);
        net.Loop.Apply("link n1 n2 down");
        net.Say(0, 1);
        var before = net.Loop.Now;
        Assert.True(net.Loop.RunUntil(before + Duration.FromSeconds(5), () => net[0].Downs.Count > 0));
        TestContext.Current.TestOutputHelper?.WriteLine($"{weather}: {(net.Loop.Now - before).Milliseconds:F0} ms");
        Assert.InRange((net.Loop.Now - before).Milliseconds, 150, withinMs);
    }

    [Fact]
    public void An_idle_link_is_found_dead_by_itself()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            using var net = new LiveNet(seed, "delay 40 loss 1");
            net.RunFor(300 + seed);
            net.Loop.Apply("link n1 n2 down");
            var before = net.Loop.Now;
            Assert.True(net.Loop.RunUntil(before + Duration.FromSeconds(30), () => net[0].Downs.Count > 0 && net[1].Downs.Count > 0));
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {(net.Loop.Now - before).Milliseconds:F0} ms");
            Assert.InRange((net.Loop.Now - before).Seconds, 0.1, 12);
        }
    }

    private static double SpentByHub(string weather, int hosts)
    {
        using var net = new LiveNet(2, weather, hosts, isStar: true);
        net.RunFor(20);
        Assert.Equal(hosts - 1, net[0].Node.LinkCount);
        net.UseAll(0);
        for (var host = 100; host < 100 + FastLinks + CandidateLinks; host++)
        {
            var use = host < 100 + FastLinks ? LinkUse.InUse : LinkUse.Candidate;
            net.Loop.Call<LiveHost>(host, (live, now) => live.Node.SetLinkUse(now, LiveNet.IdOf(0), use));
        }

        net.RunFor(5);
        var before = net[0].Bytes;
        net.RunFor(Seconds);
        Assert.Equal(FastLinks, Count(net[0], LinkPace.Fast));
        return (net[0].Bytes - before) * 8 / Seconds / 1_000;
    }

    private static int Count(LiveHost host, LinkPace pace) => host.Node.InspectLinks().Count(link => link.Pace == pace);
}
