using System.Diagnostics;
using System.Net.Sockets;
using WeCan.Programs;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>Two controllers that share a PostgreSQL database, as processes: the one that leads is killed, and the other takes over.</summary>
public sealed class TakeoverTests
{
    private readonly string[] _listens = [$"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}", $"127.0.0.1:{TestNetwork.FreePort(ProtocolType.Tcp)}"];

    [Fact]
    public async Task Another_controller_takes_over_within_two_seconds_and_no_link_notices()
    {
        Assert.SkipWhen(PostgresServer.Found is null, "PostgreSQL is missing: install the Debian package postgresql.");
        await using var postgres = await PostgresServer.StartAsync();
        using var network = TestNetwork.Empty();
        var (database, backup) = (network.Folder("db.txt"), network.Folder("backup"));
        await File.WriteAllTextAsync(database, await postgres.MakeDatabaseAsync());
        await DaemonProcess.RunAsync("wecan-controller", "init", "--data", network.Folder("c1"), "--id", "c1", "--name", "test-net", "--database-file", database);
        await DaemonProcess.RunAsync("wecan-controller", "backup", "--data", network.Folder("c1"), "--to", backup);
        await DaemonProcess.RunAsync("wecan-controller", "join", "--data", network.Folder("c2"), "--id", "c2", "--from", backup);

        using var first = StartController(network, 1);
        await first.LoggedAsync("Controller c1 leads");
        using var second = StartController(network, 2);
        await second.LoggedAsync("is kept in the database");
        var token = await DaemonProcess.RunAsync("wecan-controller", "token", "create", "--data", network.Folder("c1"), "--role", "relay", "--uses", "3");
        var away = DaemonProcess.Start("wecan-controller", "token", "list", "--data", network.Folder("c2"));
        Assert.NotEqual(0, await away.EndedAsync());
        Assert.Contains("c2 stands by, as c1 leads", away.Said, StringComparison.Ordinal);

        // The one that stands by is asked first, and sends them on.
        using var a = StartRelay(network, "relay-a", token);
        using var b = StartRelay(network, "relay-b", token);
        await a.LoggedAsync("Connected to controller c1");
        await b.LoggedAsync("Connected to controller c1");
        await a.LoggedAsync(Lines.Linked);

        var start = Stopwatch.GetTimestamp();
        first.Kill();
        await second.LoggedAsync("Controller c2 leads");
        var took = Stopwatch.GetElapsedTime(start);
        await a.LoggedAsync("Connected to controller c2");
        await b.LoggedAsync("Connected to controller c2");
        TestContext.Current.SendDiagnosticMessage($"Taken over after {took.TotalSeconds:0.00} s.");
        Assert.InRange(took, TimeSpan.Zero, Machine.Allows(TimeSpan.FromSeconds(2)));
        Assert.DoesNotContain("is down", a.Said + b.Said, StringComparison.Ordinal);

        // What was known is known, and what is new is kept by the other from now on.
        using var c = StartRelay(network, "relay-c", token);
        await c.LoggedAsync(Lines.Linked, count: 2);
        using var again = StartController(network, 1);
        await again.LoggedAsync("is kept in the database");
        second.Signal("TERM");
        Assert.Equal(0, await second.EndedAsync());
        await again.LoggedAsync("Controller c1 leads");
        await c.LoggedAsync("Connected to controller c1");
        Assert.Equal(4, (await DaemonProcess.RunAsync("wecan-controller", "node", "list", "--data", network.Folder("c1"))).Split('\n').Length);
        Assert.DoesNotContain("is down", a.Said + b.Said + c.Said, StringComparison.Ordinal);
    }

    private DaemonProcess StartController(TestNetwork network, int number) =>
        DaemonProcess.Start("wecan-controller", "--data", network.Folder($"c{number}"), "--id", $"c{number}", "--listen", _listens[number - 1], "--controllers", string.Join(',', _listens), "--metrics.enabled", "false");

    private DaemonProcess StartRelay(TestNetwork network, string name, string token) =>
        DaemonProcess.Start(
            "wecan-relay", new Dictionary<string, string>(StringComparer.Ordinal) { ["WECAN_TOKEN"] = token },
            "--data", network.Folder(name), "--listen", network.ListenOf(name), "--controllers", string.Join(',', _listens.Reverse()), "--metrics.enabled", "false");
}
