using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Tests.Linux;

public sealed class ReturnAddressTests
{
    private static readonly NetAddress Peer = NetAddress.FromIPv4(0x0A00_0001, 4_600);

    [Fact]
    public void AForgedDatagramDoesNotMoveTheWayBackOfALink()
    {
        var table = new ReturnAddresses();
        Assert.False(table.TryGet(Peer, out _, out _));
        Assert.True(table.OnReceived(Peer, 1, 2));
        Assert.True(table.TryGet(Peer, out var high, out var low));
        Assert.Equal((1UL, 2UL), (high, low));

        // Not yet trusted: the last word counts, as an answer to a stranger's first datagram must.
        table.OnReceived(Peer, 1, 3);
        Assert.True(table.TryGet(Peer, out _, out low));
        Assert.Equal(3UL, low);

        table.Trust(Peer, 1, 3);
        Assert.False(table.OnReceived(Peer, 1, 3));
        Assert.True(table.OnReceived(Peer, 1, 4));
        Assert.True(table.TryGet(Peer, out _, out low));
        Assert.Equal(3UL, low);
        table.Trust(Peer, 1, 4);
        Assert.True(table.TryGet(Peer, out _, out low));
        Assert.Equal(4UL, low);
        table.Forget(Peer);
        Assert.False(table.TryGet(Peer, out _, out _));
    }

    /// <summary>The host has several addresses, and the one that the system would answer from is another one.</summary>
    [Theory]
    [InlineData("[::]:0")]
    [InlineData("0.0.0.0:0")]
    public void AnAnswerLeavesFromTheAddressThatWasWrittenTo(string bind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the calls that this test is about.");
        var address = IPEndPoint.Parse(bind);
        using var socket = OverlaySocket.Open(address);
        var (ingress, egress) = OverlaySocket.MakeEnds(socket, address, new DriverStatistics());
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };
        stranger.Bind(IPEndPoint.Parse("127.0.0.1:0"));
        var port = OverlaySocket.LocalAddress(socket).Port;
        foreach (var local in new[] { "127.0.0.2", "127.1.2.3", "127.0.0.1" })
        {
            stranger.SendTo([1, 2, 3], new IPEndPoint(IPAddress.Parse(local), port));
            NetAddress from;
            while (!ingress.TryReceive(out from, out _))
            {
            }

            ingress.OnAuthentic();
            egress.Send(MonoTime.Zero, from, 50);
            egress.Send(MonoTime.Zero, from, 50);
            Assert.True(egress.TryFlush(MonoTime.Zero));
            EndPoint answered = new IPEndPoint(IPAddress.Any, 0);
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(50, stranger.ReceiveFrom(new byte[100], ref answered));
                Assert.Equal(new IPEndPoint(IPAddress.Parse(local), port), answered);
            }
        }
    }

    /// <summary>An address that was taken from the machine: the kernel refuses it, and chooses another one itself.</summary>
    [Fact]
    public void AnAddressThatIsGoneIsForgotten()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the calls that this test is about.");
        var statistics = new DriverStatistics();
        using var socket = OverlaySocket.Open(IPEndPoint.Parse("0.0.0.0:0"));
        var table = new ReturnAddresses();
        var egress = new SegmentEgress(socket, statistics, table, NativeSocket.Send);
        var self = NetAddress.FromIPv4(0x7F00_0001, OverlaySocket.LocalAddress(socket).Port);
        var gone = NetAddress.FromIPv4(0xC000_0201, 1);
        table.Trust(self, gone.High, gone.Low);
        for (var i = 0; i < 5; i++)
            egress.Send(MonoTime.Zero, self, 100);
        Assert.True(egress.TryFlush(MonoTime.Zero));
        Assert.Equal(5, statistics.DatagramsSent);
        Assert.False(table.TryGet(self, out _, out _));
        Assert.True(statistics.JoinsSends);
    }
}
