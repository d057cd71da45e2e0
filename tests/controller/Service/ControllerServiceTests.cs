using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Service;

/// <summary>A controller with its listeners, its store on disk and its operator's socket, in this process.</summary>
public sealed class ControllerServiceTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(Bound);

    private ControllerSettings Settings => new() { Data = _folder.File("net"), Listen = new(IPAddress.Loopback, 0), Id = "c1", Controllers = ["c1.example.org:4700"] };

    private DataFolder Data => new(Settings.Data);

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_hundred_nodes_enrol_at_once()
    {
        const int Count = 100;
        Make();
        await using var service = await StartAsync();
        var token = await AskAsync("token create", ("role", "relay"), ("uses", "100"));
        var nodes = Enumerable.Range(0, Count).Select(_ => new TestNode()).ToList();
        var refusals = await Task.WhenAll(nodes.Select(node => node.EnrolAsync(token, service.Address, _time.Token)));
        Assert.All(refusals, Assert.Null);
        Assert.Equal(Enumerable.Range(1, Count), nodes.Select(node => (int)node.Answer!.Number.Value).Order());
        Assert.Equal(["c1.example.org:4700"], nodes[0].Answer!.Controllers);
        nodes.ForEach(node => node.Dispose());
    }

    [Fact]
    public async Task Who_has_a_used_token_is_refused_with_a_sentence_and_who_asks_again_gets_the_same_number()
    {
        Make();
        var token = await AskAsync("token create", ("role", "relay"));
        using var first = new TestNode();
        using var second = new TestNode();
        await using (var service = await StartAsync())
        {
            Assert.Null(await first.EnrolAsync(token, service.Address, _time.Token));
            Assert.Contains("was used already", await second.EnrolAsync(token, service.Address, _time.Token), StringComparison.Ordinal);
        }

        await using var again = await StartAsync();
        var number = first.Answer!.Number;
        Assert.Null(await first.EnrolAsync(token, again.Address, _time.Token));
        Assert.Equal(number, first.Answer.Number);
        await first.ServeAsync(Transport.WebSocket, again.Address, node => node.Replica!.Members.Count == 1, _time.Token);
        Assert.Contains("relay", await AskAsync("node list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_one_sentence()
    {
        Says("There is no network in", await Assert.ThrowsAsync<DaemonException>(StartAsync));
        Make();
        Says("There is a network in", Assert.Throws<DaemonException>(Make));
        await using var service = await StartAsync();
        Says("is in use by another process", await Assert.ThrowsAsync<WeCan.Controller.Store.StoreException>(StartAsync));
        Assert.Contains("is no node's number", (await AdminClient.RunAsync(Data, Request("node revoke", ("number", "x")), _time.Token)).Text, StringComparison.Ordinal);
        Assert.Contains("--uses 1", (await AdminClient.RunAsync(Data, Request("token create", ("role", "edge"), ("uses", "0")), _time.Token)).Text, StringComparison.Ordinal);
        Assert.Contains("There is no command", (await AdminClient.RunAsync(Data, Request("dance"), _time.Token)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_controller_that_does_not_find_its_database_ends_with_a_sentence_whether_that_refuses_or_is_silent(bool isSilent)
    {
        Make();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        StoreAccess.Name(Data, $"Host=127.0.0.1;Port={((IPEndPoint)server.LocalEndpoint).Port};Username=a;Database=b");
        if (!isSilent)
            server.Stop();
        var problem = await Assert.ThrowsAsync<WeCan.Controller.Store.StoreException>(StartAsync);
        Says("does not answer", problem);
        Assert.Equal(ExitCodes.Io, problem.ExitCode);
    }

    private void Make() => NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow);

    private Task<ControllerService> StartAsync() =>
        ControllerService.StartAsync(Settings, TimeProvider.System, NullLoggerFactory.Instance, null, failure => Assert.Fail(failure.ToString()), _time.Token);

    private async Task<string> AskAsync(string command, params (string, string)[] arguments)
    {
        var answer = await AdminClient.RunAsync(Data, Request(command, arguments), _time.Token);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }

    private static AdminRequest Request(string command, params (string Name, string Value)[] arguments) =>
        new(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal));

    private static void Says(string expected, Exception problem) => Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
}
