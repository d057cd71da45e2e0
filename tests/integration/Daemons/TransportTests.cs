using System.Net.Quic;
using System.Net.Sockets;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>What carries the control sessions of daemons: QUIC where both ends have it and UDP gets through, else the WebSocket.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task A_relay_connects_by_QUIC_and_comes_back_by_it_when_the_controller_was_killed_and_hears_that_it_was_revoked()
    {
        Require();
        using var network = await TestNetwork.MakeAsync();
        var relay = network.Start("relay-a", await network.TokenAsync("relay"));

        // A first handshake on a busy machine can miss its head start; later ones have theirs.
        for (var sessions = 1; sessions <= 6 && CountOf(relay, "by Quic") < 2; sessions++)
        {
            await relay.LoggedAsync("Connected to controller", sessions);
            network.Controller.Kill();
            await network.StartControllerAsync();
        }

        Assert.InRange(CountOf(relay, "by Quic"), 2, int.MaxValue);
        await network.RevokeAsync(1);
        await relay.LoggedAsync("no member any more");
    }

    [Fact]
    public async Task A_network_that_swallows_UDP_and_with_it_QUIC_leaves_the_WebSocket()
    {
        Require();
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var network = await TestNetwork.MakeAsync(address => hole.Bind(address));
        await network.Controller.LoggedAsync("is in use by another program");
        var relay = network.Start("relay-a", await network.TokenAsync("relay"));
        await relay.LoggedAsync("by WebSocket");
    }

    [Fact]
    public async Task A_controller_without_QUIC_is_reached_by_WebSocket()
    {
        Require();
        using var network = await TestNetwork.MakeAsync(controllerOptions: ["--quic", "false"]);
        var relay = network.Start("relay-a", await network.TokenAsync("relay"));
        await relay.LoggedAsync("by WebSocket");
        Assert.DoesNotContain("by Quic", relay.Said, StringComparison.Ordinal);
    }

    private static int CountOf(DaemonProcess process, string text) => process.Said.Split(text).Length - 1;

    private static void Require() => Assert.SkipUnless(QuicConnection.IsSupported, "QUIC needs libmsquic, which this machine has not.");
}
