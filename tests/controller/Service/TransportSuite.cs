using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Certificates;

namespace WeCan.Controller.Tests.Service;

/// <summary>What a control session keeps to, whatever carries it: held by each transport's own tests.</summary>
public abstract class TransportSuite(Transport transport) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(120));

    internal LineLog Log { get; } = new();

    internal DataFolder Data => new(_folder.File("net"));

    protected CancellationToken Time => _time.Token;

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_node_is_welcomed_and_told_of_who_comes_later_and_of_the_controllers_end()
    {
        await using var service = await StartAsync();
        using var first = await EnrolAsync(service);
        var knowsOne = new TaskCompletionSource();
        var knowsTwo = new TaskCompletionSource();
        var serving = first.ServeAsync(
            transport,
            service.Address,
            node =>
            {
                (node.Replica!.Members.Count == 2 ? knowsTwo : knowsOne).TrySetResult();
                return false;
            },
            Time);
        await knowsOne.Task.WaitAsync(Time);
        using var second = await EnrolAsync(service);
        await knowsTwo.Task.WaitAsync(Time);
        await service.DrainAsync(Time);
        await serving;
        Assert.Equal(GoodbyeReason.Stopping, first.End!.Reason);
        Assert.Contains(Log.Lines, line => line.Contains($"Node {first.Answer!.Number.Value} connected from", StringComparison.Ordinal) && line.EndsWith($"by {Name}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hundred_nodes_all_know_each_other_and_of_a_revocation()
    {
        const int Count = 100;
        await using var service = await StartAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => EnrolAsync(service)));
        var revoked = nodes[40];
        using var standing = new CountdownEvent(Count);
        var serving = nodes.Select(node => node.ServeAsync(
            transport,
            service.Address,
            node =>
            {
                if (node.Replica!.Members.Count == Count && !node.HasStood)
                {
                    node.HasStood = true;
                    standing.Signal();
                }

                return node != revoked && node.HasStood && node.Replica.Find(revoked.Answer!.Number) is null;
            },
            Time)).ToList();
        await Task.Run(() => standing.Wait(Time), Time);
        await AskAsync("node revoke", ("number", $"{revoked.Answer!.Number.Value}"));
        await Task.WhenAll(serving);
        Assert.Equal(GoodbyeReason.NotAMember, revoked.End!.Reason);
        Array.ForEach(nodes, node => node.Dispose());
    }

    [Fact]
    public async Task Who_shows_the_wrong_certificate_is_told_why()
    {
        await using var service = await StartAsync();
        using var ours = Data.LoadAuthority();
        using var foreign = CertificateAuthority.Create("other-net", DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        using var node = await EnrolAsync(service);
        var identity = CertificateIdentity.Node(node.Answer!.Number.Value, "node");

        Show(node, foreign, identity, DateTimeOffset.UtcNow);
        await IsRefusedAsync(node, service, "signed by another authority");
        Show(node, ours, identity, DateTimeOffset.UtcNow - TimeSpan.FromHours(20));
        await IsRefusedAsync(node, service, "it expired at");
        Show(node, ours, CertificateIdentity.Controller("c1"), DateTimeOffset.UtcNow);
        await IsRefusedAsync(node, service, "no node's");

        // The same node with its right certificate is welcome: it was these that were refused.
        Show(node, ours, identity, DateTimeOffset.UtcNow);
        await node.ServeAsync(transport, service.Address, served => served.Replica!.Members.Count == 1, Time);
    }

    [Fact]
    public async Task A_node_that_was_revoked_or_has_another_key_gets_a_goodbye()
    {
        await using var service = await StartAsync();
        using var revoked = await EnrolAsync(service);
        using var other = await EnrolAsync(service);
        using var ours = Data.LoadAuthority();
        await AskAsync("node revoke", ("number", $"{revoked.Answer!.Number.Value}"));
        await revoked.ServeAsync(transport, service.Address, _ => false, Time);
        Assert.Equal(GoodbyeReason.NotAMember, revoked.End!.Reason);

        using var thief = await EnrolAsync(service);
        Show(thief, ours, CertificateIdentity.Node(other.Answer!.Number.Value, "thief"), DateTimeOffset.UtcNow);
        await thief.ServeAsync(transport, service.Address, _ => false, Time);
        Assert.Equal(GoodbyeReason.NotAMember, thief.End!.Reason);
    }

    [Fact]
    public async Task A_controller_that_does_not_belong_to_the_network_is_not_spoken_to()
    {
        await using var service = await StartAsync();
        using var node = await EnrolAsync(service);
        using var foreign = CertificateAuthority.Create("other-net", DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var connection = await TestConnection.OpenAsync(transport, service.Address, node.Certificate, TestNode.TrustIn(foreign.Certificate), Time);
        });
        Assert.DoesNotContain(Log.Lines, line => line.Contains("connected from", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_comes_back_to_a_controller_that_was_killed_and_goes_on_from_what_it_holds()
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        var address = new IPEndPoint(IPAddress.Loopback, ControllerProcess.FreePort());
        var token = await AskAsync("token create", ("role", "relay"), ("uses", "10"));
        using var first = new TestNode();
        using var second = new TestNode();
        using (var controller = await ControllerProcess.StartAsync(Data.Path, address))
        {
            Assert.Null(await first.EnrolAsync(token, address, Time));
            await Assert.ThrowsAnyAsync<Exception>(() => first.ServeAsync(
                transport,
                address,
                node =>
                {
                    if (node.Replica!.Members.Count == 1)
                        controller.Kill();
                    return false;
                },
                Time));
            Assert.False(Time.IsCancellationRequested, "The node did not see that the controller is gone.");
        }

        using var again = await ControllerProcess.StartAsync(Data.Path, address);
        Assert.Null(await second.EnrolAsync(token, address, Time));
        await first.ServeAsync(transport, address, node => node.Replica!.Members.Count == 2, Time);
    }

    [Fact]
    public async Task A_node_that_reads_nothing_holds_nobody_up_and_gets_all_of_it_later()
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        var known = FillStore();
        await using var service = await StartAsync(isMade: true);
        using var slow = await EnrolAsync(service);
        using var quick = await EnrolAsync(service);
        using var read = new ManualResetEventSlim();
        var stuck = new TaskCompletionSource();
        var isStuck = false;
        var serving = Task.Run(
            () => slow.ServeAsync(
                transport,
                service.Address,
                node =>
                {
                    if (!isStuck)
                        stuck.SetResult();
                    isStuck = true;
                    read.Wait(Time);
                    return node.Replica!.Members.Count == known + 2;
                },
                Time),
            Time);
        await stuck.Task.WaitAsync(Time);
        await quick.ServeAsync(transport, service.Address, node => node.Replica!.Members.Count == known + 2, Time);
        Assert.DoesNotContain(Log.Lines, line => line.StartsWith($"Node {slow.Answer!.Number.Value} went", StringComparison.Ordinal));
        read.Set();
        await serving;
    }

    [Fact]
    public async Task A_controller_stops_in_time_whatever_those_do_who_are_connected()
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        FillStore();
        var service = await StartAsync(isMade: true);
        using var node = await EnrolAsync(service);
        using var other = await EnrolAsync(service);

        // One takes its welcome and reads nothing of all that follows; another has never said who it is.
        await using var deaf = await TestConnection.OpenAsync(transport, service.Address, node.Certificate, node.Trust, Time);
        var session = new NodeSession(new() { Role = NodeRole.Relay, Epoch = new(1) }, new(node.Answer!.Network, UnixTime.From(DateTimeOffset.UtcNow)), MonoTime.Zero);
        Assert.True(session.TryPollFrame(out var hello));
        await deaf.Stream.WriteAsync(hello, Time);
        await deaf.Stream.ReadExactlyAsync(new byte[1], Time);
        await using var dumb = await TestConnection.OpenAsync(transport, service.Address, other.Certificate, other.Trust, Time);

        // Nothing at all, the beginning of a handshake, the beginning of a request, and a request whose body does not come.
        using var silent = await ConnectAsync(service.Address);
        using var handshaking = await ConnectAsync(service.Address);
        await handshaking.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1, 0 }, Time);
        using var asking = await ConnectAsync(service.Address);
        await using var tls = new SslStream(new NetworkStream(asking), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("controller");
        await tls.WriteAsync("POST /v1/enrol HTTP/1.1\r\nHost: controller\r\nContent-Length: 1000\r\n\r\nx"u8.ToArray(), Time);

        var start = Stopwatch.GetTimestamp();
        await service.DrainAsync(Time);
        await service.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>What the controller says to a node of whose certificate it thinks nothing.</summary>
    private protected abstract Task<string> AskRefusalAsync(TestNode node, IPEndPoint controller);

    private protected async Task<ControllerService> StartAsync(bool isMade = false, bool isQuicOn = true, int port = 0, IPAddress? address = null)
    {
        if (!isMade)
            NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);
        var settings = new ControllerSettings { Data = Data.Path, Listen = new(address ?? IPAddress.Loopback, port), Id = "c1", Controllers = [], Quic = isQuicOn };
        return await ControllerService.StartAsync(settings, TimeProvider.System, Log, null, failure => Assert.Fail(failure.ToString()), Time);
    }

    private protected async Task<TestNode> EnrolAsync(ControllerService service)
    {
        var node = new TestNode();
        Assert.Null(await node.EnrolAsync(await AskAsync("token create", ("role", "relay")), service.Address, Time));
        return node;
    }

    private protected async Task<string> AskAsync(string command, params (string Name, string Value)[] arguments)
    {
        var answer = await AdminClient.RunAsync(Data, new(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal)), Time);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }

    private protected static void Show(TestNode node, CertificateAuthority authority, CertificateIdentity identity, DateTimeOffset made)
    {
        using var certificate = authority.Issue(new PublicKey(node.TlsKey), identity, made, TimeSpan.FromHours(1));
        node.Certificate = certificate.CopyWithPrivateKey(node.TlsKey);
    }

    private string Name => transport == Transport.Quic ? "QUIC" : "WebSocket";

    private async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, Time);
        return socket;
    }

    private async Task IsRefusedAsync(TestNode node, ControllerService service, string why)
    {
        Assert.Contains(why, await AskRefusalAsync(node, service.Address), StringComparison.Ordinal);
        Assert.Contains(Log.Lines, line => line.Contains("was refused", StringComparison.Ordinal) && line.Contains(why, StringComparison.Ordinal));
    }

    /// <summary>More members than sockets and windows hold, so that who reads nothing is felt; 500 bytes each.</summary>
    private int FillStore()
    {
        const int Count = 12_000;
        const int Uses = ControllerLimits.MaxTokenUses;
        using var store = SqliteStore.Open(Data.Store);
        var core = new ControllerCore(new(), Samples.Office, store.Load());
        var now = new ControllerTime(MonoTime.Zero, UnixTime.From(DateTimeOffset.UtcNow));
        var place = new string('x', ControlLimits.MaxPlace);
        var addresses = Enumerable.Range(1, ControlLimits.MaxAddresses).Select(last => new NetAddress(0x2001_0DB8_0000_0000, (ulong)last, 4600)).ToArray();
        for (ulong number = 0; number < Count; number++)
        {
            var token = number / Uses;
            if (number % Uses == 0)
                Assert.Null(core.CreateToken(now, new() { Role = NodeRole.Relay, Uses = Uses, Region = place, Site = place, Operator = place }, token, Samples.SecretHash(token)));
            var order = Samples.Order(token, number + 1) with { Name = new string('n', ControlLimits.MaxName), Addresses = addresses };
            Assert.NotNull(core.Enrol(now, order).Member);
        }

        store.Commit(core.TakeTransaction()!);
        return Count;
    }
}
