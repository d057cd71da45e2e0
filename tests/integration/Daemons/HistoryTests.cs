using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WeCan.Contracts.Inspection;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>docs/inspection.md, the past, on real daemons: a program's datagrams through two edges are judged end to end, and a controller that is killed knows of them still.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task Datagrams_are_judged_end_to_end_and_a_controller_that_is_killed_remembers_it()
    {
        using var network = await TestNetwork.MakeAsync();
        using var target = Bound();
        var (listen, port) = (TestNetwork.FreePort(ProtocolType.Udp), ((IPEndPoint)target.LocalEndPoint!).Port);
        var (entry, exit) = (network.Folder("entry.json"), network.Folder("exit.json"));
        await File.WriteAllTextAsync(entry, $$"""{ "tunnels": [ { "listen": "udp://127.0.0.1:{{listen}}", "exit": "tunnel-exit", "target": "127.0.0.1:{{port}}" } ] }""");
        await File.WriteAllTextAsync(exit, $$"""{ "tunnel_policy": { "allow": [ { "from": ["tunnel-entry"], "target": "127.0.0.1:{{port}}", "protocol": "udp" } ] } }""");
        network.Start("edge-a", await network.TokenAsync("edge", "--name", "tunnel-entry"), "--config", entry);
        var exitEdge = network.Start("edge-b", await network.TokenAsync("edge", "--name", "tunnel-exit"), "--config", exit);

        // Who is no member yet cannot be asked about.
        await exitEdge.LoggedAsync(Lines.Linked);
        using var program = Bound();
        var judged = await UntilAsync(network, program, listen, report => report.Total is { Expected: > 100, NetworkShare: > 0.9, EndToEndShare: > 0.9, DirectMs: > 0, DelayP50Ms: > 0 });
        Assert.Equal(("tunnel-entry", "tunnel-exit"), (judged.From!.Name, judged.To!.Name));
        var node = JsonSerializer.Deserialize(await AskAsync(network, "history", "node", "tunnel-entry", "--json"), InspectionJson.Default.NodeHistoryReport)!;
        Assert.True(node.Total!.Classes.Single(each => each.Class == "realtime").PacketsOut > 0);
        Assert.Matches(@"The worst of [12] pairs\nfrom +to +packets", await AskAsync(network, "quality"));

        // A machine that stands still for two seconds leaves a line to find out by, where no link has to be bad for long.
        exitEdge.Signal("STOP");
        var still = Stopwatch.GetTimestamp();
        using (var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            while (Stopwatch.GetElapsedTime(still) < TimeSpan.FromSeconds(2) && await beat.WaitForNextTickAsync())
                await SendAsync(program, new(IPAddress.Loopback, listen));
        }

        exitEdge.Signal("CONT");
        await UntilAsync(network, program, listen, _ => network.Controller.Count(" (tunnel-exit) were in time in the ten seconds from ") > 0);
        judged = await UntilAsync(network, program, listen, report => report.Total is not null);

        network.Controller.Kill();
        await network.Controller.EndedAsync();
        await network.StartControllerAsync();
        var after = await UntilAsync(network, program, listen, report => report.Total is not null);
        Assert.All(judged.Entries, before => Assert.Equal(before, after.Entries.Single(entry => entry.At == before.At)));
    }

    /// <summary>A datagram each time that the past is looked at, until that is as wanted.</summary>
    private static async Task<QualityReport> UntilAsync(TestNetwork network, Socket program, int listen, Func<QualityReport, bool> isWanted)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var to = new IPEndPoint(IPAddress.Loopback, listen);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; ; i++)
        {
            await beat.WaitForNextTickAsync();
            await SendAsync(program, to);
            if (i % 100 != 99)
                continue;
            var answer = await AskAsync(network, "quality", "tunnel-entry", "tunnel-exit", "--resolution", "10s", "--json");
            var report = JsonSerializer.Deserialize(answer, InspectionJson.Default.QualityReport)!;
            if (isWanted(report))
                return report;
            Assert.True(Stopwatch.GetElapsedTime(start) < 2 * DaemonProcess.Bound, $"It still is: {answer}");
        }
    }

    /// <summary>Before the edge listens nobody takes it, which the next sending is told.</summary>
    private static async Task SendAsync(Socket program, IPEndPoint to)
    {
        try
        {
            await program.SendToAsync(new byte[200], to);
        }
        catch (SocketException)
        {
            // The next one may come.
        }
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static async Task<string> AskAsync(TestNetwork network, params string[] command)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["WECAN_API"] = Path.Combine(network.Folder("controller"), "admin.sock") };
        using var program = RunningProgram.Start(ProjectPrograms.Tool("cli", "wecan.dll", command), new() { Variables = variables });
        var code = await program.EndedAsync(DaemonProcess.Bound);
        Assert.True(code == 0, $"wecan {string.Join(' ', command)} ended with {code}: {program.Said}");
        return program.Output;
    }
}
