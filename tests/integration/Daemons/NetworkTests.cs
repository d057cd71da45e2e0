namespace WeCan.Integration.Tests.Daemons;

/// <summary>A controller, relays and edges as processes on loopback.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task Two_relays_and_two_edges_enrol_and_all_are_linked()
    {
        using var network = await TestNetwork.MakeAsync();
        var relays = await network.TokenAsync("relay", "--uses", "2");
        var edges = await network.TokenAsync("edge", "--uses", "2");
        DaemonProcess[] nodes = [network.Start("relay-a", relays), network.Start("relay-b", relays), network.Start("edge-a", edges), network.Start("edge-b", edges)];
        foreach (var node in nodes)
            await node.LoggedAsync("stands", count: 3);
    }
}
