using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>docs/inspection.md, wecan, on real daemons: what it shows, over the socket and over TLS, and its exit codes.</summary>
public sealed class InspectionTests
{
    [Fact]
    public async Task The_network_shows_itself_over_the_socket_and_over_TLS()
    {
        var port = TestNetwork.FreePort(ProtocolType.Tcp);
        using var network = await TestNetwork.MakeAsync(before: null, "--inspection.listen", $"127.0.0.1:{port}");
        var relay = network.Start("relay-a", await network.TokenAsync("relay", "--name", "relay-a"));
        await relay.LoggedAsync(Lines.Started);
        var edge = network.Start("edge-a", await network.TokenAsync("edge", "--name", "edge-a"));
        await relay.LoggedAsync(Lines.Linked);
        await edge.LoggedAsync(Lines.Linked);

        var local = new Dictionary<string, string>(StringComparer.Ordinal) { ["WECAN_API"] = Path.Combine(network.Folder("controller"), "admin.sock") };
        var shown = await UntilAsync(() => AskAsync(local, "route", "relay-a", "edge-a", "--why"), text => text.Contains("What would change it", StringComparison.Ordinal));
        Assert.Matches(@"0 +[0-9.]+ ms +direct +[0-9.]+ ms +The quickest: the direct link\.", shown);
        Assert.Contains("was not there", await AskAsync(local, "route", "relay-a", "edge-a", "--without", "relay-a/edge-a"), StringComparison.Ordinal);
        Assert.Matches(@"relay-a +relay +connected", await AskAsync(local, "nodes"));
        Assert.Contains("2 (edge-a)", await AskAsync(local, "links", "relay-a"), StringComparison.Ordinal);
        Assert.Matches("user [0-9]+ of this machine +made token", await AskAsync(local, "audit"));

        // Ten seconds are the finest that the past is told in.
        var past = await UntilAsync(() => AskAsync(local, "history", "link", "relay-a", "edge-a", "--resolution", "10s"), text => text.Contains("together", StringComparison.Ordinal));
        Assert.Matches(@"together +100 % +[0-9.]+ ms +[0-9.]+ ms", past);
        Assert.Contains("rtt p95  ", past, StringComparison.Ordinal);

        var traffic = await UntilAsync(() => AskAsync(local, "history", "node", "relay-a", "--resolution", "10s"), text => text.Contains("together", StringComparison.Ordinal));
        Assert.Matches(@"together +[0-9.]+ k?B +[0-9.]+ k?B +[0-9.]+ Mbit/s", traffic);
        Assert.Contains("no Realtime packet is known", await AskAsync(local, "quality", "relay-a", "edge-a"), StringComparison.Ordinal);

        var remote = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WECAN_API"] = $"https://127.0.0.1:{port}",
            ["WECAN_CA"] = Path.Combine(network.Folder("controller"), "authority.pem"),
            ["WECAN_TOKEN"] = await network.AskAsync("api-token", "create", "--role", "viewer", "--name", "grafana"),
        };
        using (var status = JsonDocument.Parse(await AskAsync(remote, "status", "--json")))
            Assert.Equal(("test-net", 1, 1), (status.RootElement.GetProperty("network").GetString(), status.RootElement.GetProperty("relays").GetInt32(), status.RootElement.GetProperty("edges").GetInt32()));
        await RefusedAsync(remote, 77, "is for a viewer, and this is for an operator", "audit");
        await RefusedAsync(remote, 64, "There is no node \"nobody\"", "route", "relay-a", "nobody");
        await RefusedAsync(remote, 64, "\"never\" is no time to look from: write 2026-01-31T12:00:00Z, or how long ago, as 24h.", "history", "link", "relay-a", "edge-a", "--since", "never");
        foreach (var question in (string[][])[["history", "link", "relay-a", "1"], ["quality", "relay-a", "relay-a"], ["route", "1", "relay-a"]])
            await RefusedAsync(remote, 64, "These two are the same node: name another one.", question);
        await RefusedAsync(remote, 64, "\"1/relay-a\" is neither a node nor a link", "route", "relay-a", "edge-a", "--without", "1/relay-a");
        await RefusedAsync(remote, 64, "A pair is asked for with both of its ends: name two nodes, or none.", "quality", "relay-a");
        await RefusedAsync(With(remote, "WECAN_TOKEN", "x"), 77, "cut or mistyped", "status");
        await RefusedAsync(With(remote, "WECAN_TOKEN", ""), 64, "There is no token", "status");
        await RefusedAsync(With(remote, "WECAN_CA", ""), 69, "signed by nobody whom this machine trusts", "status");
        await RefusedAsync(With(remote, "WECAN_API", "https://127.0.0.1:1"), 69, "cannot be reached", "status");
        await RefusedAsync(With(remote, "WECAN_API", $"https://{network.ControllerAddress}"), 69, "is not the API of a controller", "status");
        await RefusedAsync(local, 64, "'soon' for command 'rollback': write a whole number.", "policy", "rollback", "soon");
        await RefusedAsync(local, 64, "'begin': --help tells what it takes.", "maintenance", "begin", "node");
        await RefusedAsync(With(remote, "WECAN_API", "nowhere"), 64, "is no controller's address", "status");

        await ShownAsTheyHappenAsync(remote, edge.Kill);
    }

    [Fact]
    public async Task A_policy_is_tried_set_compared_and_gone_back_to()
    {
        using var network = await TestNetwork.MakeAsync();
        using var a = network.Start("relay-a", await network.TokenAsync("relay", "--name", "relay-a"));
        using var b = network.Start("relay-b", await network.TokenAsync("relay", "--name", "relay-b"));
        await a.LoggedAsync(Lines.Linked);
        var local = new Dictionary<string, string>(StringComparer.Ordinal) { ["WECAN_API"] = Path.Combine(network.Folder("controller"), "admin.sock") };
        local["TMPDIR"] = Directory.CreateDirectory(network.Folder("temporary")).FullName;
        var file = network.Folder("policy.json");
        await File.WriteAllTextAsync(file, """{ "relay_time": "2ms", "nodes": [{ "region": "mars", "maintenance": true }] }""");

        await UntilAsync(() => AskAsync(local, "status"), text => text.Contains("computed for 2 nodes", StringComparison.Ordinal));
        var tried = await AskAsync(local, "policy", "try", file);
        Assert.Contains("+ relay_time: \"2ms\"\n", tried, StringComparison.Ordinal);
        Assert.Contains("Look again: \"nodes[0]\" fits no node that is a member now.", tried, StringComparison.Ordinal);
        Assert.Contains("No pair would take another way first.", tried, StringComparison.Ordinal);
        Assert.Contains("No policy was set yet", await AskAsync(local, "policy", "history"), StringComparison.Ordinal);

        Assert.Contains("Version 1 of the policy holds from now on.", await AskAsync(local, "policy", "set", file, "--comment", "relays are far"), StringComparison.Ordinal);
        Assert.Equal("Nothing changes: version 1 says the same.", (await AskAsync(local, "policy", "set", file)).Split('\n')[0]);
        Assert.Equal("- relay_time: \"2ms\"\n- nodes[0]: {\"region\":\"mars\",\"maintenance\":true}", await AskAsync(local, "policy", "diff", "1", "0"));
        await RefusedAsync(local, 75, "It is version 1 by now, and not 0", "policy", "set", file, "--expect", "0");
        Assert.Contains("+ nodes[0]: {\"node\":\"relay-b\",\"maintenance\":true}", await AskAsync(local, "policy", "rollback", "0") + await AskAsync(local, "maintenance", "begin", "node", "relay-b", "-m", "disk"), StringComparison.Ordinal);
        Assert.Matches(@"what +name +nodes +until +left\nnode +relay-b +1 +- +-", await AskAsync(local, "maintenance", "list"));
        Assert.Contains("maintenance  1 node: wecan maintenance list", await AskAsync(local, "status"), StringComparison.Ordinal);
        Assert.Matches("relay-b +relay +connected, maintenance ", await AskAsync(local, "nodes"));
        Assert.Matches(@"3 +[0-9: Z-]+ user [0-9]+ of this machine +1 +disk\n +2 .* 2 +back to version 0\n +1 .* 2 +relays are far", await AskAsync(local, "policy", "history"));
        await RefusedAsync(local, 64, "There is no such node \"relay-c\"", "maintenance", "begin", "node", "relay-c");
        await RefusedAsync(local, 64, "The node relay-a is not in maintenance", "maintenance", "end", "node", "relay-a");

        // What leaves pairs without any way is set for who means it.
        var closed = network.Folder("closed.json");
        await File.WriteAllTextAsync(closed, """{ "links": [{ "classes": ["bulk"] }] }""");
        await RefusedAsync(local, 64, "2 of 2 pairs of nodes, each direction counted, would be left without any way, one of them from ", "policy", "set", closed);
        Assert.Contains("Look again: 2 of 2 pairs of nodes, each direction counted, are left without any way, one of them from ", await AskAsync(local, "policy", "set", closed, "--force"), StringComparison.Ordinal);
        Assert.Matches(@"NO WAY +for pairs of nodes: 2 for realtime, 2 for signal, 0 for bulk, each direction counted\n +from [12] \(relay-.\) to [12] \(relay-.\), say: wecan route [12] [12] --why --class", await UntilAsync(() => AskAsync(local, "status"), text => text.Contains("NO WAY", StringComparison.Ordinal)));
        Assert.Contains("Version 5 of the policy holds from now on.", await AskAsync(local, "policy", "rollback", "3"), StringComparison.Ordinal);

        // What has an end shows it, also to the controller that starts anew.
        Assert.Contains("+ nodes[0].until: \"20", await AskAsync(local, "maintenance", "begin", "node", "relay-b", "--for", "2h"), StringComparison.Ordinal);
        network.Controller.Kill();
        await network.Controller.EndedAsync();
        await network.StartControllerAsync();
        Assert.Matches(@"node +relay-b +1 +20[0-9: -]+Z +1(19m|h 59m)", await AskAsync(local, "maintenance", "list"));
        Assert.Contains("Version 7 of the policy holds from now on.", await AskAsync(local, "policy", "rollback", "3"), StringComparison.Ordinal);

        // What show prints can be set again, and what an editor saves is set.
        await File.WriteAllTextAsync(file, await AskAsync(local, "policy", "show"));
        Assert.Equal("No difference.", await AskAsync(local, "policy", "diff", file));
        Assert.Contains("+ nodes[0]: {\"node\":\"relay-a\",\"maintenance\":true}", await AskAsync(With(local, "EDITOR", "sed -i s/relay-b/relay-a/"), "policy", "edit"), StringComparison.Ordinal);
        await RefusedAsync(With(local, "EDITOR", "sed -i s/relay-a/a.relay.a,/"), 64, "What you wrote is in /", "policy", "edit");
        await RefusedAsync(With(local, "EDITOR", "false"), 1, "The editor \"false\" ended with 1", "policy", "edit");
        await RefusedAsync(local, 64, "There is no version 9 of the policy", "policy", "rollback", "9");
        await RefusedAsync(local, 74, "cannot be read", "policy", "set", network.Folder("no-such-file"));
        await RefusedAsync(local, 64, "write what to do with it: show, history, diff, try, set, edit, rollback", "policy");
        using var shown = JsonDocument.Parse(await AskAsync(local, "policy", "show", "--json"));
        Assert.Equal(8, shown.RootElement.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Where_no_controller_runs_it_says_so()
    {
        using var network = TestNetwork.Empty();
        await RefusedAsync(new(StringComparer.Ordinal) { ["WECAN_API"] = network.Folder("admin.sock") }, 69, "No controller answers at", "status");
        await RefusedAsync([], 64, "write what to show");
    }

    /// <summary>Events come while somebody follows, and to who asks for the past.</summary>
    private static async Task ShownAsTheyHappenAsync(Dictionary<string, string> remote, Action kill)
    {
        using var events = RunningProgram.Start(ProjectPrograms.Tool("cli", "wecan.dll", "events"), new() { Variables = remote });
        await events.LineAsync("The events of test-net follow", DaemonProcess.Bound);
        kill();
        await events.LineAsync("Node 2 (edge-a) is not connected any more.", DaemonProcess.Bound);
        using var past = RunningProgram.Start(ProjectPrograms.Tool("cli", "wecan.dll", "events", "--past"), new() { Variables = remote });
        await past.LineAsync("Node 2 (edge-a) is not connected any more.", DaemonProcess.Bound);
        Assert.Contains("Node 1 (relay-a) connected.", past.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("not kept any more", past.Said, StringComparison.Ordinal);
    }

    /// <summary>Asks again and again, which takes a moment each time, until the answer is as wanted.</summary>
    private static async Task<string> UntilAsync(Func<Task<string>> ask, Func<string, bool> isWanted)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer))
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(start) < 2 * DaemonProcess.Bound, $"It still is: {answer}");
        }
    }

    private static Dictionary<string, string> With(Dictionary<string, string> variables, string name, string value) => new(variables, StringComparer.Ordinal) { [name] = value };

    private static async Task<string> AskAsync(Dictionary<string, string> variables, params string[] command)
    {
        using var program = Start(variables, command);
        var code = await program.EndedAsync(DaemonProcess.Bound);
        Assert.True(code == 0, $"wecan {string.Join(' ', command)} ended with {code}: {program.Said}");
        return program.Output;
    }

    private static async Task RefusedAsync(Dictionary<string, string> variables, int code, string sentence, params string[] command)
    {
        using var program = Start(variables, command);
        Assert.Equal((code, true), (await program.EndedAsync(DaemonProcess.Bound), program.Said.Contains(sentence, StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', program.Said.Trim());
    }

    private static RunningProgram Start(Dictionary<string, string> variables, string[] command) => RunningProgram.Start(ProjectPrograms.Tool("cli", "wecan.dll", command), new() { Variables = variables });
}
