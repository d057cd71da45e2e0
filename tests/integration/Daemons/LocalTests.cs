using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>docs/operations.md, asking a daemon, on real ones: what status, links and routes say, and each exit code where nothing can be said.</summary>
public sealed class LocalTests
{
    /// <summary>Connections at targets: one that nobody holds is closed when memory is collected.</summary>
    private readonly List<Socket> _served = [];

    [Fact]
    public async Task A_relay_and_an_edge_tell_how_they_are()
    {
        using var network = await TestNetwork.MakeAsync();
        var relay = network.Start("relay-a", await network.TokenAsync("relay", "--name", "fra-relay", "--region", "fra"));
        var edge = network.Start("edge-a", await network.TokenAsync("edge", "--name", "fra-edge"));
        await relay.LoggedAsync($"(fra-edge) at {network.ListenOf("edge-a")} stands");
        await edge.LoggedAsync($"(fra-relay) at {network.ListenOf("relay-a")} stands");
        await relay.LoggedAsync(Lines.Ready);
        await edge.LoggedAsync(Lines.Ready);

        var status = await AskAsync(network, "relay-a", "status");
        Assert.Contains("(fra-relay), relay of network", status, StringComparison.Ordinal);
        Assert.Contains("region fra", status, StringComparison.Ordinal);
        Assert.Contains($"controller   {network.ControllerAddress} by ", status, StringComparison.Ordinal);
        Assert.Contains("1 relay, 1 edge", status, StringComparison.Ordinal);
        using (var json = JsonDocument.Parse(await AskAsync(network, "edge-a", "status", "--json")))
        {
            Assert.Equal("fra-edge", json.RootElement.GetProperty("name").GetString());
            Assert.True(json.RootElement.GetProperty("controller").GetProperty("is_connected").GetBoolean());
        }

        using (var json = JsonDocument.Parse(await AskAsync(network, "edge-a", "links", "--json")))
        {
            var link = Assert.Single(json.RootElement.GetProperty("links").EnumerateArray());
            Assert.Equal(("fra-relay", "up"), (link.GetProperty("name").GetString(), link.GetProperty("state").GetString()));
            Assert.True(link.GetProperty("rtt_ms").GetDouble() > 0);
        }

        var routes = await AskAsync(network, "edge-a", "routes", "fra-relay");
        Assert.Matches(@"fra-relay +all +0  direct  up +in use", routes);

        // Without its controller it says so, and goes on.
        network.Controller.Kill();
        await relay.LoggedAsync("The session with");
        Assert.Contains("controller   none since", await AskAsync(network, "relay-a", "status"), StringComparison.Ordinal);
        relay.Kill();
        await edge.LoggedAsync($"(fra-relay) at {network.ListenOf("relay-a")} is down");
    }

    [Fact]
    public async Task Who_cannot_be_asked_is_named_with_what_to_do()
    {
        using var network = TestNetwork.Empty();
        await RefusedAsync(network, "relay-a", 69, "No wecan-relay answers at", "status");
        await RefusedAsync(network, "edge-a", 69, "start it (`systemctl start wecan-edge`)", "tunnel", "list");
        await RefusedAsync(network, "edge-a", 64, "tunnel does nothing by itself", "tunnel");

        using var made = await TestNetwork.MakeAsync();
        var edge = made.Start("edge-a", await made.TokenAsync("edge"));
        await edge.LoggedAsync(Lines.Ready);
        await RefusedAsync(made, "edge-a", 64, "There is no member \"nobody\"", "routes", "nobody");
        edge.Kill();
        Assert.True(File.Exists(Path.Combine(made.Folder("edge-a"), "local.sock")));
        await RefusedAsync(made, "edge-a", 69, "No wecan-edge answers at", "status");
        var again = made.Start("edge-a", token: null);
        await again.LoggedAsync(Lines.Ready);
        Assert.Contains("running since", await AskAsync(made, "edge-a", "status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_by_command_is_there_at_once_and_after_a_restart_and_until_it_is_removed()
    {
        using var network = await TestNetwork.MakeAsync();
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        target.Listen(10);
        var (at, to) = ($"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}", target.LocalEndPoint!.ToString()!);
        var astray = $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}";
        var (entry, exit) = (network.Folder("entry.json"), network.Folder("exit.json"));
        await File.WriteAllTextAsync(entry, "{}");
        await File.WriteAllTextAsync(exit, """{ "tunnel_policy": { "allow": [ { "from": ["*"], "target": "127.0.0.0/8:*" } ] } }""");
        var a = network.Start("edge-a", await network.TokenAsync("edge", "--name", "entry"), "--config", entry);
        var b = network.Start("edge-b", await network.TokenAsync("edge", "--name", "exit"), "--config", exit);
        await b.LoggedAsync(Lines.Ready);
        await a.LoggedAsync(Lines.Linked);
        await a.LoggedAsync(Lines.Ready);

        Assert.Contains("leads to", await AskAsync(network, "edge-a", "tunnel", "add", $"tcp://{at}", to, "--exit", "exit", "--class", "signal"), StringComparison.Ordinal);
        using var program = await ConnectAsync(target, at);
        await program.SendAsync(new byte[4]);

        Assert.Contains("leads to", await AskAsync(network, "edge-a", "tunnel", "add", $"tcp://{astray}", "10.0.0.1:9", "--exit", "exit"), StringComparison.Ordinal);
        await IsResetAsync(astray);
        Assert.Contains($"tcp://{astray}: 1 refused; the last, as tunnel_policy of the exit does not allow it", await AskAsync(network, "edge-a", "tunnel", "list"), StringComparison.Ordinal);
        await AskAsync(network, "edge-a", "tunnel", "remove", $"tcp://{astray}");

        await RefusedAsync(network, "edge-a", 64, "already", "tunnel", "add", $"tcp://{at}", to, "--exit", "exit");
        await RefusedAsync(network, "edge-a", 69, "is in use by another program", "tunnel", "add", $"tcp://{to}", to, "--exit", "exit");
        await RefusedAsync(network, "edge-a", 64, "No edge of the network is called \"exti\": the others are exit.", "tunnel", "add", "tcp://127.0.0.1:1", to, "--exit", "exti");
        await RefusedAsync(network, "edge-a", 64, "is this one", "tunnel", "add", "tcp://127.0.0.1:1", to, "--exit", "entry");
        await RefusedAsync(network, "edge-a", 64, "is no place to listen", "tunnel", "add", at, to, "--exit", "exit");
        await RefusedAsync(network, "edge-a", 64, "There is no tunnel at", "tunnel", "remove", "tcp://127.0.0.1:1");

        // The configuration names the same port from now on: it is refused that, and what the command opened stays.
        await File.WriteAllTextAsync(entry, $$"""{ "tunnels": [ { "listen": "tcp://{{at}}", "exit": 1, "target": "127.0.0.1:9" } ] }""");
        a.Signal("HUP");
        await a.LoggedAsync("A command has opened a tunnel at");
        var list = await UntilAsync(() => AskAsync(network, "edge-a", "tunnel", "list"), "exit +signal +command +listens +1 +4 B");
        Assert.Matches(@"configuration +does not listen", list);
        await RefusedAsync(network, "edge-a", 64, "already", "tunnel", "add", $"tcp://{at}", to, "--exit", "exit");
        await File.WriteAllTextAsync(entry, "{}");

        a.Kill();
        a = network.Start("edge-a", token: null, "--config", entry);
        await a.LoggedAsync($"Tunnel tcp://{at} leads to");
        await a.LoggedAsync(Lines.Ready);
        using var later = await ConnectAsync(target, at);
        Assert.Contains("takes nothing new", await AskAsync(network, "edge-a", "tunnel", "remove", $"tcp://{at}"), StringComparison.Ordinal);
        await later.SendAsync(new byte[4]);
        Assert.Contains("No tunnel begins", await AskAsync(network, "edge-a", "tunnel", "list"), StringComparison.Ordinal);
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPEndPoint.Parse(at)));
        a.Signal("TERM");
        Assert.Equal(0, await a.EndedAsync());
    }

    private static async Task IsResetAsync(string at)
    {
        using var bound = new CancellationTokenSource(DaemonProcess.Bound);
        using var program = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            // The reset may come before the connection is told to stand.
            await program.ConnectAsync(IPEndPoint.Parse(at), bound.Token);
            await program.ReceiveAsync(new byte[1], SocketFlags.None, bound.Token);
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    /// <summary>A program's connection that has reached the target, who says so with a byte. Until names and links are known whoever connects is reset, and tries again.</summary>
    private async Task<Socket> ConnectAsync(Socket target, string at)
    {
        using var bound = new CancellationTokenSource(DaemonProcess.Bound);
        _ = GreetAsync(target, bound.Token);
        while (true)
        {
            var program = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await program.ConnectAsync(IPEndPoint.Parse(at), bound.Token);
                if (await program.ReceiveAsync(new byte[1], bound.Token) == 1)
                    return program;
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                program.Dispose();
            }
        }
    }

    private async Task GreetAsync(Socket target, CancellationToken cancellation)
    {
        var served = await target.AcceptAsync(cancellation);
        _served.Add(served);
        await served.SendAsync(new byte[1], cancellation);
    }

    /// <summary>Asks again and again, which takes a moment each time: what was reset before the network stood is gone a little later.</summary>
    private static async Task<string> UntilAsync(Func<Task<string>> ask, string wanted)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (Regex.IsMatch(answer, wanted, RegexOptions.None, DaemonProcess.Bound))
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(start) < DaemonProcess.Bound, $"It still is: {answer}");
        }
    }

    private static Task<string> AskAsync(TestNetwork network, string name, params string[] command) =>
        DaemonProcess.RunAsync(Program(name), [.. command, "--data", network.Folder(name)]);

    private static async Task RefusedAsync(TestNetwork network, string name, int code, string sentence, params string[] command)
    {
        using var process = DaemonProcess.Start(Program(name), [.. command, "--data", network.Folder(name)]);
        Assert.Equal((code, true), (await process.EndedAsync(), process.Said.Contains(sentence, StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', process.Said.Trim());
    }

    private static string Program(string name) => name.StartsWith("edge", StringComparison.Ordinal) ? "wecan-edge" : "wecan-relay";
}
