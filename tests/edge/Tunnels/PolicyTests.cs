using System.Net;
using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Policy;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/tunnels.md: without a rule nothing is let out, and a name's rule lets nothing lead into the exit itself.</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData(3, "10.1.2.3:5432", "10.1.2.3", true)]
    [InlineData(4, "10.1.2.3:5432", "10.1.2.3", true)]
    [InlineData(5, "10.1.2.3:5432", "10.1.2.3", false)]
    [InlineData(3, "10.1.2.3:5433", "10.1.2.3", false)]
    [InlineData(3, "11.1.2.3:5432", "11.1.2.3", false)]
    [InlineData(3, "db.example:5432", "10.1.2.3", true)]
    [InlineData(3, "db.example:5432", "11.1.2.3", false)]
    [InlineData(5, "web.example:8050", "93.184.216.34", true)]
    [InlineData(5, "web.example:8050", "::ffff:93.184.216.34", true)]
    [InlineData(5, "web.example:8100", "93.184.216.34", false)]
    [InlineData(5, "other.example:8050", "93.184.216.34", false)]
    [InlineData(5, "web.example:8050", "127.0.0.1", false)]
    [InlineData(5, "web.example:8050", "::1", false)]
    [InlineData(5, "web.example:8050", "::ffff:127.0.0.1", false)]
    [InlineData(5, "web.example:8050", "169.254.169.254", false)]
    [InlineData(5, "web.example:8050", "fe80::1", false)]
    [InlineData(5, "web.example:8050", "0.0.0.0", false)]
    [InlineData(5, "web.example:8050", "::", false)]
    [InlineData(5, "web.example:8050", "224.0.0.1", false)]
    [InlineData(5, "93.184.216.34:8050", "93.184.216.34", false)]
    public void OnlyWhatARuleNamesIsLetOut(ushort from, string target, string address, bool isAllowed)
    {
        TunnelPolicy policy = new(
        [
            new([new(new NodeId(3), null), new(NodeId.None, "edge-d")], IPNetwork.Parse("10.0.0.0/8"), null, 5432, 5432, TunnelProtocol.Tcp),
            new([], null, "web.example", 8000, 8099, TunnelProtocol.Tcp),
        ]);
        Assert.True(TunnelTarget.TryParse(Encoding.ASCII.GetBytes(target), out var parsed));

        Assert.Equal(isAllowed, policy.Allows(new NodeId(from), TunnelProtocol.Tcp, parsed, IPAddress.Parse(address), Members));
        Assert.False(policy.Allows(new NodeId(from), TunnelProtocol.Udp, parsed, IPAddress.Parse(address), Members));
        Assert.False(TunnelPolicy.Nothing.Allows(new NodeId(from), TunnelProtocol.Tcp, parsed, IPAddress.Parse(address), Members));

        static NodeId Members(string name) => name == "edge-d" ? new NodeId(4) : NodeId.None;
    }
}
