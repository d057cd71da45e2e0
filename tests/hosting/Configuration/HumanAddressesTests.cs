using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Tests.Configuration;

public sealed class HumanAddressesTests
{
    [Theory]
    [InlineData("[::1]:7000")]
    [InlineData("192.0.2.1:7000")]
    [InlineData("[::]:0")]
    [InlineData("[2001:db8::1]:65535")]
    public void Addresses_are_read_and_written_alike(string text)
    {
        Assert.Null(HumanAddresses.ParseEndPoint(text, out var value));
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("192.0.2.1", "the port is missing")]
    [InlineData("[::1]", "the port is missing")]
    [InlineData(":7000", "write \"[::]:7000\"")]
    [InlineData("*:7000", "write \"[::]:7000\"")]
    [InlineData("localhost:7000", "write \"127.0.0.1:7000\"")]
    [InlineData("::1:7000", "write \"[::1]:7000\"")]
    [InlineData("1:7000", "is no IP address")]
    [InlineData("0300.0.2.1:7000", "is no IP address")]
    [InlineData("relay.example:7000", "is no IP address")]
    [InlineData("192.0.2.1:70000", "is no port")]
    [InlineData("192.0.2.1:-1", "is no port")]
    public void A_wrong_address_says_what_to_write(string text, string says) => Assert.Contains(says, HumanAddresses.ParseEndPoint(text, out _), StringComparison.Ordinal);

    [Theory]
    [InlineData("controller.example:7443")]
    [InlineData("[2001:db8::1]:7443")]
    [InlineData("192.0.2.1:7443")]
    public void Hosts_are_read_and_written_alike(string text)
    {
        Assert.Null(HumanAddresses.ParseHost(text, out var value));
        Assert.Equal(text, HumanAddresses.FormatHost(value));
    }

    [Theory]
    [InlineData("https://controller.example:7443", "name and port only")]
    [InlineData("controller.example", "the port is missing")]
    [InlineData("controller.example:0", "nothing listens on port 0")]
    [InlineData("a b:7443", "no host name")]
    public void A_wrong_host_says_what_to_write(string text, string says) => Assert.Contains(says, HumanAddresses.ParseHost(text, out _), StringComparison.Ordinal);
}
