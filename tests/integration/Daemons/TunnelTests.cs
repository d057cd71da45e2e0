using System.Net;
using System.Net.Sockets;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>docs/tunnels.md on real daemons: programs that know nothing of the network reach targets behind another edge, named by the membership.</summary>
public sealed class TunnelTests
{
    [Fact]
    public async Task A_program_reaches_a_target_behind_another_edge_and_a_reload_moves_the_tunnel()
    {
        using var network = await TestNetwork.MakeAsync();
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        target.Listen(10);
        var port = ((IPEndPoint)target.LocalEndPoint!).Port;
        var (first, second) = (TestNetwork.FreePort(ProtocolType.Tcp), TestNetwork.FreePort(ProtocolType.Tcp));
        var (entry, exit) = (network.Folder("entry.json"), network.Folder("exit.json"));
        await File.WriteAllTextAsync(entry, Tunnel(first, port));
        await File.WriteAllTextAsync(exit, $$"""{ "tunnel_policy": { "allow": [ { "from": ["tunnel-entry"], "target": "127.0.0.1:{{port}}", "protocol": "tcp" } ] } }""");
        var a = network.Start("edge-a", await network.TokenAsync("edge", "--name", "tunnel-entry"), "--config", entry);
        var b = network.Start("edge-b", await network.TokenAsync("edge", "--name", "tunnel-exit"), "--config", exit);
        await a.LoggedAsync($"Tunnel tcp://127.0.0.1:{first} leads to");
        await b.LoggedAsync("stands");
        await a.LoggedAsync("stands");

        await ExchangeAsync(target, first);

        await File.WriteAllTextAsync(entry, Tunnel(second, port));
        a.Signal("HUP");
        await a.LoggedAsync($"Tunnel tcp://127.0.0.1:{second} leads to");
        await ExchangeAsync(target, second);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(new IPEndPoint(IPAddress.Loopback, first)));

        a.Signal("TERM");
        Assert.Equal(0, await a.EndedAsync());
    }

    private static string Tunnel(int listen, int target) =>
        $$"""{ "tunnels": [ { "listen": "tcp://127.0.0.1:{{listen}}", "exit": "tunnel-exit", "target": "127.0.0.1:{{target}}", "class": "signal" } ] }""";

    /// <summary>Names come with the membership, up to a second after the links: until then whoever connects is reset, and tries again.</summary>
    private static async Task ExchangeAsync(Socket target, int entrance)
    {
        using var bound = new CancellationTokenSource(DaemonProcess.Bound);
        var accepting = target.AcceptAsync(bound.Token).AsTask();
        while (true)
        {
            using var program = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await program.ConnectAsync(new IPEndPoint(IPAddress.Loopback, entrance), bound.Token);
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                // So soon that connecting itself saw it.
                continue;
            }

            var ended = program.ReceiveAsync(new byte[1], SocketFlags.Peek, bound.Token).AsTask();
            if (await Task.WhenAny(accepting, ended) == ended)
            {
                Assert.True(ended.IsFaulted);
                continue;
            }

            using var served = await accepting;
            var buffer = new byte[100];
            Assert.Equal(5, await served.SendAsync(new byte[5], bound.Token));
            Assert.Equal(1, await ended);
            Assert.Equal(5, await program.ReceiveAsync(buffer.AsMemory(), bound.Token));
            Assert.Equal(7, await program.SendAsync(new byte[7], bound.Token));
            program.Shutdown(SocketShutdown.Send);
            var came = 0;
            while (await served.ReceiveAsync(buffer.AsMemory(), bound.Token) is > 0 and var count)
                came += count;
            Assert.Equal(7, came);
            served.Shutdown(SocketShutdown.Both);
            return;
        }
    }
}
