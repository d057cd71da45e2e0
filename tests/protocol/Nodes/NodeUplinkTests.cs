using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>A node whose uplink has a rate, as its host sees it (docs/decisions/0009).</summary>
public sealed class NodeUplinkTests
{
    private static readonly Bandwidth Rate = Bandwidth.FromMegabitsPerSecond(4);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(999_999)]
    public void A_rate_that_cannot_keep_links_alive_is_refused_in_words(long bitsPerSecond)
    {
        using var mesh = new NodeMesh();
        var refused = Assert.Throws<ArgumentException>(() => mesh.Add(1, change: options => options with { UplinkRate = new(bitsPerSecond) }));
        Assert.StartsWith("Node option UplinkRate must be at least 1 Mbit/s, or zero for no limit.", refused.Message, StringComparison.Ordinal);
        var node = mesh.Add(2).Node;
        Assert.Contains("at least 1 Mbit/s", Assert.Throws<ArgumentException>(() => node.SetUplinkRate(new(bitsPerSecond))).Message, StringComparison.Ordinal);
        node.SetUplinkRate(NodeLimits.LeastUplink);
        node.SetUplinkRate(Bandwidth.Zero);
    }

    /// <summary>The network counts the headers that each address family has.</summary>
    [Theory]
    [InlineData("10.0.0.2:4600", WireLimits.IPv4Overhead)]
    [InlineData("[2001:db8::2]:4600", WireLimits.IPv6Overhead)]
    public void Bytes_are_those_of_ip_packets(string peer, int overhead)
    {
        using var mesh = new NodeMesh();
        var hub = mesh.Add(1, change: options => options with { UplinkRate = Rate });
        var spoke = mesh.Add(2);
        Assert.True(NetAddress.TryParse(peer, out var address));
        hub.OtherAddresses.Add(NodeMesh.IPv6Of(1));
        spoke.Address = address;
        mesh.Introduce(hub, spoke);
        Fill(mesh, hub, spoke, messages: 400);
        mesh.RunFor(Duration.FromSeconds(1));
        var (bytes, datagrams) = (hub.BytesSent, hub.DatagramsSent);
        mesh.RunFor(Duration.FromSeconds(2));
        var sent = hub.BytesSent - bytes + ((overhead - WireLimits.IPv4Overhead) * (hub.DatagramsSent - datagrams));
        Assert.InRange(sent, Rate.BytesIn(Duration.FromSeconds(2)) * 0.998, Rate.BytesIn(Duration.FromSeconds(2)) * 1.002);
    }

    /// <summary>Links that say nothing cost a busy node nothing, and it wakes when it may send, not before.</summary>
    [Fact]
    public void It_wakes_about_once_for_each_datagram_that_it_may_send()
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var hub = mesh.Add(1, change: options => options with { UplinkRate = Rate });
        var spokes = Enumerable.Range(2, 60).Select(id => mesh.Add(id)).ToList();
        spokes.ForEach(spoke => mesh.Introduce(hub, spoke));
        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(60, hub.Node.LinkCount);
        var wakeups = hub.Wakeups;
        mesh.RunFor(Duration.FromSeconds(10));
        Assert.InRange(hub.Wakeups - wakeups, 0, 60 * 8);
        Fill(mesh, hub, spokes[0], messages: 300);
        Fill(mesh, hub, spokes[1], messages: 300);
        mesh.RunFor(Duration.FromMilliseconds(200));
        (wakeups, var datagrams) = (hub.Wakeups, hub.DatagramsSent);
        mesh.RunFor(Duration.FromSeconds(2));
        Assert.True(hub.DatagramsSent - datagrams > 700, $"{hub.DatagramsSent - datagrams} datagrams in 2 s");
        Assert.InRange(hub.Wakeups - wakeups, 0, (hub.DatagramsSent - datagrams) * 2);
    }

    [Fact]
    public void A_node_that_ends_says_goodbye_on_every_link_at_once()
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var hub = mesh.Add(1, change: options => options with { UplinkRate = NodeLimits.LeastUplink });
        var spokes = Enumerable.Range(2, 30).Select(id => mesh.Add(id)).ToList();
        spokes.ForEach(spoke => mesh.Introduce(hub, spoke));
        mesh.RunFor(Duration.FromSeconds(3));
        spokes.ForEach(spoke => Fill(mesh, hub, spoke, messages: 10));
        mesh.RunFor(Duration.FromSeconds(1));
        hub.Node.Shutdown();
        mesh.Drain(hub);
        mesh.RunFor(mesh.Delay);
        Assert.Equal(0, hub.Node.LinkCount);
        Assert.All(spokes, spoke => Assert.Equal(1, spoke.Downs(hub.Id)));
    }

    /// <summary>Members come and go while their links wait in line.</summary>
    [Fact]
    public void What_waits_for_the_uplink_may_be_taken_away()
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var hub = mesh.Add(1, change: options => options with { UplinkRate = NodeLimits.LeastUplink });
        var spokes = Enumerable.Range(2, 6).Select(id => mesh.Add(id)).ToList();
        spokes.ForEach(spoke => mesh.Introduce(hub, spoke));
        mesh.RunFor(Duration.FromSeconds(3));
        spokes.ForEach(spoke => Fill(mesh, hub, spoke, messages: 40));
        mesh.RunFor(Duration.FromSeconds(1));
        foreach (var gone in spokes[..5])
        {
            hub.Node.RemovePeer(mesh.Now, gone.Id);
            mesh.RunFor(Duration.FromMilliseconds(300));
        }

        Assert.Equal(1, hub.Node.LinkCount);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(20), () => spokes[5].Received.Count == 40), NodeTraffic.Describe(hub));
        Assert.Equal(Enumerable.Range(0, 40), spokes[5].Received.Select(NodeTraffic.NumberOf));
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(0, hub.Node.PacketMemoryInUse);
    }

    [Fact]
    public void Without_a_rate_what_waited_goes_at_once()
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var hub = mesh.Add(1, change: options => options with { UplinkRate = NodeLimits.LeastUplink });
        var spoke = mesh.Add(2);
        mesh.Introduce(hub, spoke);
        mesh.RunFor(Duration.FromSeconds(1));
        Fill(mesh, hub, spoke, messages: 50);
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.InRange(spoke.Received.Count, 1, 20);
        hub.Node.SetUplinkRate(Bandwidth.Zero);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => spoke.Received.Count == 50), $"{spoke.Received.Count} came");
    }

    private static void Fill(NodeMesh mesh, MeshNode from, MeshNode to, int messages)
    {
        Assert.Equal(OpenResult.Opened, from.Node.OpenStream(to.Id, ServiceClass.Bulk, 0, out var flow));
        for (var number = 0; number < messages; number++)
            Assert.Equal(SendResult.Accepted, from.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(number, 6_000), out _));
    }
}
