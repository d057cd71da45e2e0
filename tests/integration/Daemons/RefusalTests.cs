using System.Net;
using System.Net.Sockets;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>What keeps a node from starting is one sentence on standard error, and an exit code that says what kind of thing it is.</summary>
public sealed class RefusalTests
{
    private const int Unavailable = 69;
    private const int Io = 74;
    private const int Config = 78;

    [Fact]
    public async Task Tokens_that_let_nobody_in()
    {
        using var network = await TestNetwork.MakeAsync();
        var once = await network.TokenAsync("relay");
        using (var first = network.Start("relay-a", once))
            await first.LoggedAsync(Lines.Ready);

        await EndsAsync(network.Start("relay-b", once), Config, "was used already: make a new one");
        await EndsAsync(network.Start("relay-b", once[..^9] + "000000000"), Config, "token");
        await EndsAsync(network.Start("relay-b", once[..^9]), Config, "The token was cut");
        await EndsAsync(network.Start("relay-b", "sesame"), Config, "This is no enrolment token");
        await EndsAsync(network.Start("edge-a", await network.TokenAsync("relay")), Config, "is for a node of the role relay");
        await EndsAsync(network.Start("relay-b", token: null), Config, "This node is in no network yet");

        using var other = await TestNetwork.MakeAsync();
        await EndsAsync(network.Start("relay-b", await other.TokenAsync("relay")), Config, "has another authority");
    }

    [Fact]
    public async Task What_this_machine_does_not_give()
    {
        using var network = await TestNetwork.MakeAsync();
        var token = await network.TokenAsync("relay", "--uses", "5");
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await EndsAsync(network.StartAt("relay-a", taken.LocalEndPoint!.ToString()!, token), Unavailable, "in use");
        await EndsAsync(network.Start("relay-a", token, "--uplnik", "5Mbit/s"), 64, "did you mean --uplink?");
        await EndsAsync(network.Start("relay-a", token, "--uplink", "5"), Config, "uplink");

        using var running = network.Start("relay-a", token);
        await running.LoggedAsync(Lines.Ready);
        await EndsAsync(network.Start("relay-a", token), Unavailable, "is in use by another process");
        running.Kill();

        await File.WriteAllTextAsync(Path.Combine(network.Folder("relay-a"), "node.json"), "{ \"number\": ", TestContext.Current.CancellationToken);
        await EndsAsync(network.Start("relay-a", token), Io, "does not say who this node is");
    }

    [Fact]
    public async Task No_controller_is_there()
    {
        using var network = await TestNetwork.MakeAsync();
        var token = await network.TokenAsync("relay");
        network.Controller.Kill();
        var ended = DaemonProcess.Start("wecan-relay", "enrol", "--token", token, "--data", network.Folder("relay-a"), "--controllers", network.ControllerAddress.ToString());
        await EndsAsync(ended, Unavailable, "No controller lets this node in");
    }

    [Fact]
    public async Task A_damaged_membership_is_asked_for_anew()
    {
        using var network = await TestNetwork.MakeAsync();
        var token = await network.TokenAsync("relay");
        using (var first = network.Start("relay-a", token))
        {
            await first.LoggedAsync(Lines.Ready);
            first.Signal("TERM");
            Assert.Equal(0, await first.EndedAsync());
        }

        var file = Path.Combine(network.Folder("relay-a"), "membership");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var again = network.Start("relay-a", token: null);
        await again.LoggedAsync("is damaged and was set aside");
        await again.LoggedAsync(Lines.Ready);
        Assert.True(File.Exists(file + ".damaged"));
    }

    [Fact]
    public async Task A_full_disk_keeps_a_node_out_and_a_running_one_goes_on()
    {
        using var network = await TestNetwork.MakeAsync();
        var token = await network.TokenAsync("relay", "--uses", "3");
        using (var small = SmallDisk.Mount(network.Folder("relay-a"), "12k"))
            await EndsAsync(network.Start("relay-a", token), Io, "is full: make room on it, and start again");

        using var disk = SmallDisk.Mount(network.Folder("relay-b"), "256k");
        using var running = network.Start("relay-b", token);
        await running.LoggedAsync(Lines.Ready);
        await running.LoggedAsync("Connected");
        disk.Fill();
        var other = network.Start("relay-c", token);
        await other.LoggedAsync(Lines.Linked);
        await running.LoggedAsync(Lines.Linked);
        await running.LoggedAsync("The membership cannot be kept on the disk");
        disk.Empty();
        await running.LoggedAsync("The membership is kept on the disk again");
        running.Kill();
    }

    [Fact]
    public async Task A_controller_whose_disk_is_full_changes_nothing_and_goes_on()
    {
        using var network = TestNetwork.Empty();
        using var disk = SmallDisk.Mount(network.Folder("controller"), "400k");
        await DaemonProcess.RunAsync("wecan-controller", "init", "--data", network.Folder("controller"), "--name", "test-net");
        await network.StartControllerAsync();
        var token = await network.TokenAsync("relay", "--uses", "3");
        var first = network.Start("relay-a", token);
        await first.LoggedAsync("Connected");
        disk.Fill();
        await EndsAsync(network.Ask("token", "create", "--role", "relay"), Io, "is full: nothing can be changed until there is room");
        await network.Controller.LoggedAsync("nodes are served from memory");
        await first.LoggedAsync("Connected", count: 2);
        var second = network.Start("relay-b", token);
        await second.LoggedAsync("is full: nothing can be changed until there is room");

        disk.Empty();
        await network.Controller.LoggedAsync("The store is back");
        await second.LoggedAsync("Connected");
        Assert.Contains("open", await network.AskAsync("token", "list"), StringComparison.Ordinal);
        network.Controller.Kill();
    }

    private static async Task EndsAsync(DaemonProcess process, int code, string sentence)
    {
        using (process)
        {
            Assert.Equal(code, await process.EndedAsync());
            Assert.Contains(sentence, process.Said, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Said, StringComparison.Ordinal);
        }
    }
}
