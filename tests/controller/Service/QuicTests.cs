using System.Diagnostics;
using System.Net;
using System.Net.Quic;
using System.Net.Sockets;
using System.Runtime.Versioning;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Authority;

namespace WeCan.Controller.Tests.Service;

/// <summary>Sessions by QUIC, and what only QUIC can get wrong. Where libmsquic is not, all of these are skipped.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
public sealed class QuicTests : TransportSuite
{
    public QuicTests()
        : base(Transport.Quic) => TestConnection.Require(Transport.Quic);

    [Fact]
    public async Task Who_connects_and_opens_no_stream_or_shows_no_certificate_is_let_go_of()
    {
        await using var service = await StartAsync();
        using var node = await EnrolAsync(service);
        await using var silent = await TestConnection.OpenBareQuicAsync(service.Address, node.Certificate, node.Trust, Time);
        var end = await Assert.ThrowsAsync<QuicException>(async () => await AwaitEndAsync(silent));
        Assert.Equal(ControlOverQuic.NoStream, end.ApplicationErrorCode);
        Assert.Contains(Log.Lines, line => line.Contains("it opened no stream", StringComparison.Ordinal));

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var nameless = await TestConnection.OpenBareQuicAsync(service.Address, null, node.Trust, Time);
            await AwaitEndAsync(nameless);
        });
        await node.ServeAsync(Transport.Quic, service.Address, served => served.Replica!.Members.Count == 1, Time);
    }

    /// <summary>The controller's death closes nothing here, as the kernel does for TCP: a node finds out by itself.</summary>
    [Fact]
    public async Task A_node_misses_a_controller_that_was_killed_within_three_seconds()
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        var address = new IPEndPoint(IPAddress.Loopback, ControllerProcess.FreePort());
        var token = await AskAsync("token create", ("role", "relay"));
        using var node = new TestNode();
        using var controller = await ControllerProcess.StartAsync(Data.Path, address);
        Assert.Null(await node.EnrolAsync(token, address, Time));
        var killed = 0L;
        await Assert.ThrowsAnyAsync<Exception>(() => node.ServeAsync(
            Transport.Quic,
            address,
            served =>
            {
                if (served.Replica!.Members.Count == 1 && killed == 0)
                {
                    killed = Stopwatch.GetTimestamp();
                    controller.Kill();
                }

                return false;
            },
            Time));

        // What the machine itself takes is beside the bound.
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Handshakes_that_come_to_nothing_hold_up_no_node()
    {
        await using var service = await StartAsync();
        using var node = await EnrolAsync(service);
        using var socket = new UdpClient();
        socket.Connect(service.Address);

        // Initial packets of a version that nobody speaks, of the right one with nonsense inside, and of no form at all.
        var random = new Random(7);
        for (var i = 0; i < 3_000; i++)
        {
            var datagram = new byte[1_200];
            random.NextBytes(datagram);
            (byte[] start, int length) = (i % 3) switch
            {
                0 => ([0xC3, 0x0A, 0x0A, 0x0A, 0x0A, 8], 1_200),
                1 => ((byte[])[0xC3, 0, 0, 0, 1, 8], 1_200),
                _ => ([(byte)i], 1 + (i % 1_199)),
            };
            start.CopyTo(datagram, 0);
            await socket.SendAsync(datagram.AsMemory(0, length), Time);
        }

        await node.ServeAsync(Transport.Quic, service.Address, served => served.Replica!.Members.Count == 1, Time);
    }

    [Fact]
    public async Task Nodes_of_both_families_of_addresses_connect_to_a_controller_on_all_of_them()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "QUIC over both families needs IPv6, which this machine has not.");
        await using var service = await StartAsync(address: IPAddress.IPv6Any);
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            var controller = new IPEndPoint(address, service.Address.Port);
            using var node = new TestNode();
            Assert.Null(await node.EnrolAsync(await AskAsync("token create", ("role", "relay")), controller, Time));
            await node.ServeAsync(Transport.Quic, controller, served => served.Replica!.Find(served.Answer!.Number) is not null, Time);
        }
    }

    [Fact]
    public async Task A_port_of_UDP_that_is_in_use_leaves_the_WebSocket()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        await using var service = await StartAsync(port: port);
        Assert.Contains(Log.Lines, line => line.Contains($"UDP port {port} is in use by another program", StringComparison.Ordinal));
        using var node = await EnrolAsync(service);
        await node.ServeAsync(Transport.WebSocket, service.Address, served => served.Replica!.Members.Count == 1, Time);
    }

    [Fact]
    public async Task Where_it_is_configured_off_the_port_is_left_alone()
    {
        await using var service = await StartAsync(isQuicOn: false);
        Assert.Contains(Log.Lines, line => line.Contains("\"quic\": false", StringComparison.Ordinal));
        using var free = new UdpClient(service.Address);
    }

    private protected override async Task<string> AskRefusalAsync(TestNode node, IPEndPoint controller)
    {
        await node.ServeAsync(Transport.Quic, controller, _ => false, Time);
        Assert.False(node.End!.IsOurs);
        Assert.Equal(GoodbyeReason.NotAMember, node.End.Reason);
        return node.End.Text;
    }

    private async Task AwaitEndAsync(QuicConnection connection)
    {
        // A client that allows the other side no streams cannot wait for one; opening one and reading shows the end all the same.
        await using var stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Time);
        await stream.ReadsClosed.WaitAsync(Time);
    }
}
