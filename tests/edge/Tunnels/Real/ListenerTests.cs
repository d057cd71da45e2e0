using System.Net;
using System.Net.Sockets;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;

namespace WeCan.Edge.Tests.Tunnels.Real;

/// <summary>Who may have which port, on real sockets: configuration and commands side by side, ports that are taken and become free.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task APortInUseIsTriedAgainUntilItIsFree()
    {
        using var pair = await RealPair.StartAsync();
        var taken = Taken();
        var tunnel = At(taken);
        var problems = await pair.Entry.AskAsync((node, now) => pair.Entry.Tunnels.Apply(node, now, TunnelSettings.None with { Tunnels = [tunnel] }));
        Assert.Contains("is in use by another program", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Equal(problems[0], await pair.Entry.AskAsync((_, _) => Assert.Single(pair.Entry.Tunnels.Listeners).Trouble));

        taken.Dispose();
        await pair.Entry.UntilAsync(() => pair.Entry.Tunnels.Listeners is [{ Socket: not null, Trouble: "" }]);
    }

    [Fact]
    public async Task AReloadLeavesWhatACommandHasOpenedAndIsRefusedItsPort()
    {
        using var pair = await RealPair.StartAsync();
        var tunnels = pair.Entry.Tunnels;
        var ofCommand = At(Free());
        var ofConfiguration = ofCommand with { Priority = 5 };
        Assert.Null(await pair.Entry.AskAsync((node, now) => tunnels.Add(node, now, ofCommand)));
        var problems = await pair.Entry.AskAsync((node, now) => tunnels.Apply(node, now, TunnelSettings.None with { Tunnels = [ofConfiguration] }));
        Assert.Contains("A command has opened a tunnel at", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Equal([(ofCommand, true), (ofConfiguration, false)], await StatesAsync(pair.Entry));
        Assert.Empty(await pair.Entry.AskAsync((node, now) => tunnels.Apply(node, now, TunnelSettings.None)));
        Assert.Equal([(ofCommand, true)], await StatesAsync(pair.Entry));

        // The port goes to who waits for it at once when the command takes its tunnel back.
        await pair.Entry.AskAsync((node, now) => tunnels.Apply(node, now, TunnelSettings.None with { Tunnels = [ofConfiguration] }));
        await pair.Entry.AskAsync((node, now) =>
        {
            tunnels.Remove(node, now, ofCommand.Listen);
            return true;
        });
        Assert.Equal([(ofConfiguration, true)], await StatesAsync(pair.Entry));
        Assert.Contains("The configuration has a tunnel at", await pair.Entry.AskAsync((node, now) => tunnels.Add(node, now, ofCommand)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionsOutliveTheirTunnelAndTheLastOneToCloseIsHeardOf()
    {
        using var pair = await RealPair.StartAsync();
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        target.Listen();
        var tunnels = pair.Entry.Tunnels;
        var tunnel = RealPair.Tunnel(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!, $"127.0.0.1:{Free()}");
        Assert.Null(await pair.Entry.AskAsync((node, now) => tunnels.Add(node, now, tunnel)));
        using var program = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await program.ConnectAsync(tunnel.Listen.At);
        await program.SendAsync(new byte[3]);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
        Assert.Equal(3, await served.ReceiveAsync(new byte[10]));
        await served.SendAsync(new byte[5]);
        Assert.Equal(5, await program.ReceiveAsync(new byte[10]));
        var traffic = await pair.Entry.AskAsync((_, _) => tunnels.Listeners.Single().Traffic);
        Assert.Equal((1, 3L, 5L), (traffic.Connections, traffic.BytesIn, traffic.BytesOut));

        await pair.Entry.AskAsync((node, now) =>
        {
            tunnels.Remove(node, now, tunnel.Listen);
            return true;
        });
        await program.SendAsync(new byte[2]);
        Assert.Equal(2, await served.ReceiveAsync(new byte[10]));
        var isQuiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await pair.Entry.AskAsync((_, _) =>
        {
            tunnels.WhenQuiet(isQuiet.SetResult);
            return true;
        });
        Assert.False(isQuiet.Task.IsCompleted);
        program.Shutdown(SocketShutdown.Send);
        served.Shutdown(SocketShutdown.Send);
        await isQuiet.Task.WaitAsync(RealPair.Bound);
        await pair.Entry.AskAsync((_, _) =>
        {
            Assert.Equal(0, traffic.Connections);
            var again = false;
            tunnels.WhenQuiet(() => again = true);
            Assert.True(again);
            return true;
        });
    }

    [Fact]
    public async Task WhoStopsListeningOpensNothingAnyMore()
    {
        using var pair = await RealPair.StartAsync();
        var tunnels = pair.Entry.Tunnels;
        await pair.Entry.AskAsync((_, _) =>
        {
            tunnels.StopListening();
            return true;
        });
        Assert.Contains("is stopping", await pair.Entry.AskAsync((node, now) => tunnels.Add(node, now, At(Free()))), StringComparison.Ordinal);
        Assert.Empty(await StatesAsync(pair.Entry));
    }

    private static TunnelEntrance At(int port) => RealPair.Tunnel(TunnelProtocol.Tcp, "127.0.0.1:9", $"127.0.0.1:{port}");

    private static TunnelEntrance At(Socket taken) => At(((IPEndPoint)taken.LocalEndPoint!).Port);

    private static Socket Taken()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    private static int Free()
    {
        using var socket = Taken();
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task<(TunnelEntrance Tunnel, bool IsListening)[]> StatesAsync(RealEdge edge) =>
        await edge.AskAsync((_, _) => edge.Tunnels.Listeners.Select(listener => (listener.Tunnel, listener.Socket is not null)).ToArray());
}
