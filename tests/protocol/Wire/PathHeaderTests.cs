using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Wire;

/// <summary>docs/wire-format.md, section 6: source routes and bit strings.</summary>
public sealed class PathHeaderTests
{
    private static readonly NodeId[] Route = [new(1), new(500), new(65_535)];

    [Theory]
    [InlineData(ServiceClass.Signal, 9)]
    [InlineData(ServiceClass.Realtime, 13)]
    public void A_route_comes_back_as_it_was_written(ServiceClass serviceClass, int length)
    {
        var packet = new byte[40];
        Assert.Equal(length, PathHeader.Write(packet, serviceClass, 5, 12, Route));
        if (serviceClass == ServiceClass.Realtime)
            PathHeader.WriteDeadline(packet, 0xDEAD_BEEF);
        PathHeader.Mark(packet);
        Assert.True(PathHeader.TryRead(packet, serviceClass, out var header));
        Assert.Equal(length, header.Length);
        Assert.Equal(5, header.Priority);
        Assert.Equal(12, header.Hops);
        Assert.Equal(1, header.Place);
        Assert.True(header.Marked);
        Assert.Equal(serviceClass == ServiceClass.Realtime ? 0xDEAD_BEEF : 0, header.Deadline);
        for (var i = 0; i < Route.Length; i++)
            Assert.Equal(Route[i], header.Node(i));
        Assert.Equal(new NodeId(1), header.Origin);
        Assert.Equal(new NodeId(65_535), header.Destination);
        Assert.False(header.IsAtDestination);
        PathHeader.Advance(packet);
        Assert.True(PathHeader.TryRead(packet, serviceClass, out header));
        Assert.Equal(2, header.Place);
        Assert.Equal(11, header.Hops);
        Assert.True(header.IsAtDestination);
    }

    [Fact]
    public void Only_a_realtime_packet_with_a_route_says_that_a_hop_is_strained()
    {
        var packet = new byte[40];
        PathHeader.Write(packet, ServiceClass.Realtime, 5, 12, Route);
        Assert.True(PathHeader.TryRead(packet, ServiceClass.Realtime, out var header) && !header.Strained);
        PathHeader.SayStrained(packet);
        PathHeader.Advance(packet);
        Assert.True(PathHeader.TryRead(packet, ServiceClass.Realtime, out header) && header is { Strained: true, Marked: false, Priority: 5 });
        Assert.False(PathHeader.TryRead(packet, ServiceClass.Signal, out _));
        var length = MulticastHeader.Write(packet, ServiceClass.Realtime, 3, 7, new(9), set: 2, [1]);
        Assert.True(MulticastHeader.TryRead(packet.AsSpan(0, length), ServiceClass.Realtime, out _));
        PathHeader.SayStrained(packet);
        Assert.False(MulticastHeader.TryRead(packet.AsSpan(0, length), ServiceClass.Realtime, out _));
    }

    [Fact]
    public void Failed_links_are_read_behind_the_route()
    {
        byte[] packet = [0, 9, 0b000_10_001, 0, 1, 0, 2, 0, 1, 0, 3, 0, 4, 0, 5, 99];
        Assert.True(PathHeader.TryRead(packet, ServiceClass.Signal, out var header));
        Assert.Equal(2, header.FailedCount);
        Assert.Equal(new FailedLink(new(1), new(3)), header.FailedLink(0));
        Assert.Equal(new FailedLink(new(4), new(5)), header.FailedLink(1));
        Assert.Equal([99], header.Payload.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0, 9 }, "too short")]
    [InlineData(new byte[] { 1, 9, 0b000_00_001, 0, 1, 0, 2 }, "a reserved bit")]
    [InlineData(new byte[] { 0, 9, 0b000_00_000, 0, 1, 0, 2 }, "place 0 is the origin itself")]
    [InlineData(new byte[] { 0, 9, 0b000_00_010, 0, 1, 0, 2 }, "a place behind the last node")]
    [InlineData(new byte[] { 0, 9, 0b111_00_001, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9 }, "nine nodes")]
    [InlineData(new byte[] { 0, 9, 0b000_11_001, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2 }, "three failed links")]
    [InlineData(new byte[] { 0, 9, 0b000_00_001, 0, 1, 0, 0 }, "node 0")]
    [InlineData(new byte[] { 0, 9, 0b001_00_001, 0, 1, 0, 2, 0, 1 }, "a node twice")]
    [InlineData(new byte[] { 0x80, 9, 0b000_00_001, 0, 1, 0, 2 }, "a kind that is none")]
    public void What_no_node_may_send_is_refused(byte[] packet, string why)
    {
        Assert.False(PathHeader.TryRead(packet, ServiceClass.Signal, out _), why);
    }

    [Fact]
    public void A_set_of_edges_comes_back_without_its_trailing_zeroes()
    {
        var bits = new byte[MulticastHeader.MaxBits];
        bits[0] = 0b1000_0001;
        bits[3] = 0b0000_0100;
        var packet = new byte[60];
        var length = MulticastHeader.Write(packet, ServiceClass.Realtime, 3, 7, new(9), set: 2, bits);
        PathHeader.WriteDeadline(packet, 77);
        Assert.True(MulticastHeader.TryRead(packet.AsSpan(0, length + 5), ServiceClass.Realtime, out var header));
        Assert.Equal(length, header.Length);
        Assert.Equal(4, header.Bits.Length);
        Assert.Equal(3, header.DestinationCount);
        Assert.Equal(77u, header.Deadline);
        Assert.Equal(5, header.Payload.Length);
        Assert.True(header.Contains(512));
        Assert.True(header.Contains(519));
        Assert.True(header.Contains(538));
        Assert.False(header.Contains(513));
        Assert.False(header.Contains(0));
        Assert.False(header.Contains(100_000));
    }

    [Theory]
    [InlineData(new byte[] { 0x40, 9, 0, 1, 0, 1 }, "no bits")]
    [InlineData(new byte[] { 0x40, 9, 0, 1, 0, 2, 1, 0 }, "a last byte of zero")]
    [InlineData(new byte[] { 0x40, 9, 0, 1, 0, 33, 1 }, "more than a set")]
    [InlineData(new byte[] { 0x40, 9, 0, 0, 0, 1, 1 }, "origin 0")]
    [InlineData(new byte[] { 0x00, 9, 0, 1, 0, 1, 1 }, "unicast")]
    public void A_set_that_no_node_may_send_is_refused(byte[] packet, string why)
    {
        Assert.False(MulticastHeader.TryRead(packet, ServiceClass.Signal, out _), why);
    }
}
