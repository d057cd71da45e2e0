using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Tests.Configuration;

internal sealed record TestTunnel(IPEndPoint Listen, long To)
{
    public static TestTunnel Read(ConfigReader read)
    {
        var tunnel = new TestTunnel(
            read.Required("listen", ValueKinds.EndPoint, "where a program connects"),
            read.Required("to", ValueKinds.Integer, "the node where it leaves"));
        read.Require(tunnel.To != 13, "to", "is 13, which brings bad luck: write another node");
        return tunnel;
    }
}
