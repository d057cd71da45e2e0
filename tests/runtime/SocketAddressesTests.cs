using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Runtime.Tests;

public sealed class SocketAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("192.0.2.200:65535")]
    public void AnIPv4AddressIsTheSystemsAndComesBack(string text)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        var mine = new SocketAddress(AddressFamily.InterNetwork);
        Assert.True(SocketAddresses.TryWrite(address, mine));
        Assert.Equal(IPEndPoint.Parse(text).Serialize(), mine);
        Assert.Equal(address, SocketAddresses.Read(mine));
    }

    [Theory]
    [InlineData("[::1]:4600", "[::1]:4600")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:65535", "[2001:db8:1:2:3:4:5:6]:65535")]
    [InlineData("192.0.2.200:4600", "[::ffff:192.0.2.200]:4600")]
    public void AnAddressOnASocketOfBothFamiliesIsTheSystemsAndComesBack(string text, string system)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        var mine = new SocketAddress(AddressFamily.InterNetworkV6);
        Assert.True(SocketAddresses.TryWrite(address, mine));
        Assert.Equal(IPEndPoint.Parse(system).Serialize(), mine);
        Assert.Equal(address, SocketAddresses.Read(mine));
    }

    [Fact]
    public void NothingStaysOfTheAddressBefore()
    {
        var mine = new SocketAddress(AddressFamily.InterNetworkV6);
        Assert.True(NetAddress.TryParse("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", out var before));
        Assert.True(SocketAddresses.TryWrite(before, mine));
        Assert.True(SocketAddresses.TryWrite(NetAddress.FromIPv4(0x7F00_0001, 80), mine));
        Assert.Equal(IPEndPoint.Parse("[::ffff:127.0.0.1]:80").Serialize(), mine);
    }

    [Fact]
    public void AnIPv4SocketCannotReachAnIPv6Address()
    {
        Assert.True(NetAddress.TryParse("[2001:db8::1]:4600", out var address));
        Assert.False(SocketAddresses.TryWrite(address, new SocketAddress(AddressFamily.InterNetwork)));
    }
}
