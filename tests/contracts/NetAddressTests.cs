using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace WeCan.Contracts.Tests;

public sealed class NetAddressTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(11, 4_603);

    [Fact]
    public void Every_address_is_read_back_from_its_text_and_end_point()
    {
        var part = Gen.OneOf(Gen.Constant(0), Gen.Constant(0xffff), Gen.Choose(0, 0xffff));
        var addresses =
            from parts in part.ArrayOf(8)
            from port in Gen.Choose(1, ushort.MaxValue)
            from isIPv4 in Gen.Elements(true, false)
            select isIPv4
                ? NetAddress.FromIPv4(((uint)parts[0] << 16) | (uint)parts[1], (ushort)port)
                : new NetAddress(Join(parts[..4]), Join(parts[4..]), (ushort)port);
        Prop.ForAll(Arb.From(addresses), address =>
            NetAddress.TryParse(address.ToString(), out var parsed) && parsed == address
            && NetAddress.FromEndPoint(address.ToEndPoint()) == address).Check(Config);

        static ulong Join(int[] parts) => parts.Aggregate(0UL, (value, part) => (value << 16) | (uint)part);
    }

    [Theory]
    [InlineData("192.0.2.1:4600", "192.0.2.1:4600", true)]
    [InlineData("0.0.0.0:1", "0.0.0.0:1", true)]
    [InlineData("255.255.255.255:65535", "255.255.255.255:65535", true)]
    [InlineData("[2001:DB8:0::1]:4600", "[2001:db8::1]:4600", false)]
    [InlineData("[::]:4600", "[::]:4600", false)]
    [InlineData("[::ffff:192.0.2.1]:4600", "192.0.2.1:4600", true)]
    public void Addresses_are_read_and_shown_in_one_form(string text, string shown, bool isIPv4)
    {
        Assert.True(NetAddress.TryParse(text, out var address));
        Assert.Equal(shown, address.ToString());
        Assert.Equal(isIPv4, address.IsIPv4);
        Assert.False(address.IsNone);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":4600")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData(" 192.0.2.1:4600")]
    [InlineData("192.0.2.1:4600 ")]
    [InlineData("192.0.2.256:4600")]
    [InlineData("192.0.2:4600")]
    [InlineData("1:4600")]
    [InlineData("0x7f000001:4600")]
    [InlineData("0300.0.2.1:4600")]
    [InlineData("192.0.02.1:4600")]
    [InlineData("example.org:4600")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8::1:4600")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2001:db8::1]:0")]
    [InlineData("[2001:db8::1]4600")]
    [InlineData("[192.0.2.1]:4600")]
    [InlineData("[fe80::1%3]:4600")]
    [InlineData("[fe80::1%eth0]:4600")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(NetAddress.TryParse(text, out var address));
        Assert.Equal(NetAddress.None, address);
    }

    [Fact]
    public void An_ipv4_address_equals_its_mapped_form()
    {
        var address = NetAddress.FromIPv4(0xc000_0201, 4600);
        Assert.Equal(address, NetAddress.FromEndPoint(IPEndPoint.Parse("192.0.2.1:4600")));
        Assert.Equal(address, NetAddress.FromEndPoint(new(IPAddress.Parse("192.0.2.1").MapToIPv6(), 4600)));
        Assert.Equal("192.0.2.1", address.ToEndPoint().Address.ToString());
    }

    [Fact]
    public void None_is_the_default_and_says_so()
    {
        Assert.True(NetAddress.None.IsNone);
        Assert.Equal(NetAddress.None, default);
        Assert.Equal("none", NetAddress.None.ToString());
    }
}
