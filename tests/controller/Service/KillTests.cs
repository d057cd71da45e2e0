using System.Collections.Concurrent;
using System.Net;
using WeCan.Contracts;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Tests.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Tests.Service;

/// <summary>The program itself, killed while nodes enrol: whoever was answered is a member, with the number that he was told.</summary>
public sealed class KillTests(PostgresFixture postgres) : IDisposable
{
    private const int Rounds = 3;
    private const int AtOnce = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(120));

    private DataFolder Data => new(_folder.File("net"));

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_was_answered_is_lost_when_the_controller_is_killed(bool isShared)
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow, isShared ? await postgres.MakeDatabaseAsync() : null);
        var answered = new ConcurrentDictionary<TestNode, NodeId>();
        for (var round = 1; round <= Rounds; round++)
        {
            var token = await AdminClient.RunAsync(Data, new("token create", new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "relay", ["uses"] = "1000" }), _time.Token);
            Assert.True(token.IsDone, token.Text);
            var address = new IPEndPoint(IPAddress.Loopback, ControllerProcess.FreePort());
            using var controller = await ControllerProcess.StartAsync(Data.Path, address);
            var killAfter = answered.Count + (round * 4);
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => EnrolAsync(token.Text, address, answered, controller, killAfter)));
            Check(answered);
        }

        Assert.InRange(answered.Count, Rounds * 4, Rounds * 1_000);
        foreach (var node in answered.Keys)
            node.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_version_of_the_policy_that_was_answered_is_lost_when_the_controller_is_killed(bool isShared)
    {
        NetworkInit.Run(Data, "test-net", "c1", DateTimeOffset.UtcNow, isShared ? await postgres.MakeDatabaseAsync() : null);
        var answered = 0L;
        for (var round = 1; round <= Rounds; round++)
        {
            using var controller = await ControllerProcess.StartAsync(Data.Path, new(IPAddress.Loopback, ControllerProcess.FreePort()));
            var killAt = answered + (round * 3);
            while (await SetPolicyAsync(answered) is { } version)
            {
                answered = version;
                if (answered >= killAt)
                    controller.Kill();
            }

            using var access = StoreAccess.Open(Data);
            var state = access.Store.Load();
            Assert.InRange(state.Policies[^1].Version, answered, answered + 1);
            Assert.Equal(Enumerable.Range(1, state.Policies.Count).Select(number => $"{{\n  \"relay_time\": \"{number}us\"\n}}\n"), state.Policies.Select(row => row.Text), StringComparer.Ordinal);
            Assert.Equal(state.Policies.Count, state.Audit.Count(row => row.What.StartsWith("set version", StringComparison.Ordinal)));
            answered = state.Policies[^1].Version;
        }
    }

    /// <summary>The version that was answered; null where the controller died before it answered.</summary>
    private async Task<long?> SetPolicyAsync(long expected)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"relay_time":"{{expected + 1}}us"}""");
        while (true)
        {
            try
            {
                var reply = await new LocalClient(Data.AdminSocket, "wecan-controller").TryAskAsync(HttpMethod.Put, $"/v1/policy?expected={expected}", body, TimeSpan.FromSeconds(30), _time.Token);

                // A controller that shares its store leads a moment after it has started.
                if (reply?.Refusal is { } refusal && refusal.Error.Contains("does not lead yet", StringComparison.Ordinal))
                    continue;
                return reply?.Read(InspectionJson.Default.PolicySetReport).Version;
            }
            catch (DaemonException died) when (died.Message.Contains("ended before it answered", StringComparison.Ordinal))
            {
                return null;
            }
        }
    }

    /// <summary>Lets one node after the other in until the controller is gone: so there is always one under way when it is killed.</summary>
    private async Task EnrolAsync(string token, IPEndPoint address, ConcurrentDictionary<TestNode, NodeId> answered, ControllerProcess controller, int killAfter)
    {
        while (true)
        {
            var node = new TestNode();
            try
            {
                if (await node.EnrolAsync(token, address, _time.Token) is { } refusal)
                {
                    // A controller that shares its store leads a moment after it has started.
                    Assert.Contains("does not lead yet", refusal, StringComparison.Ordinal);
                    node.Dispose();
                    continue;
                }

                answered[node] = node.Answer!.Number;
                if (answered.Count >= killAfter)
                    controller.Kill();
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                // The controller died before it answered: this node is a member or it is not.
                node.Dispose();
                return;
            }
        }
    }

    private void Check(ConcurrentDictionary<TestNode, NodeId> answered)
    {
        using var access = StoreAccess.Open(Data);
        var state = access.Store.Load();
        Assert.Equal(answered.Count, answered.Values.Distinct().Count());
        Assert.All(answered.Values, number => Assert.True(state.Members.ContainsKey(number), $"{number} was told that it is a member, and is none."));
        Assert.Equal(state.Members.Count, state.Tokens.Values.Sum(token => 1_000 - token.UsesLeft));
    }
}
