using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Service;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>What setting a policy says of the routes that it takes away, on a triangle of which 3 lies in between, and that what leaves pairs without any way is not set by mistake.</summary>
public sealed class PolicySetterTests : IAsyncLifetime
{
    private const string Middle = """{"nodes":[{"node":"3","maintenance":true}]}""";
    private const string Closed = """{"links":[{"from":{"node":"1"},"to":{"node":"2"},"both":true,"classes":["bulk"]}],"nodes":[{"node":"3","maintenance":true}]}""";

    private readonly FailingStore _store = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(30));
    private readonly ControllerLoop _loop;
    private readonly PolicySetter _setter;
    private readonly Task _running;

    public PolicySetterTests()
    {
        _loop = ControllerLoop.Leading(_store, new(), Samples.Office, TimeProvider.System, NullLogger.Instance);
        _setter = new(_loop, new(_loop), NullLogger.Instance);
        _running = _loop.RunAsync(null, _ends.Token);
    }

    public async ValueTask InitializeAsync()
    {
        await _loop.Change((core, now) =>
        {
            Assert.Null(core.CreateToken(now, new() { Role = NodeRole.Relay, Uses = 3 }, 1, Samples.SecretHash(1)));
            return Enumerable.Range(1, 3).Count(node => core.Enrol(now, Samples.Order(1, (ulong)node) with { Name = $"relay-{node}" }).Member is not null);
        }, _time.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task What_leaves_pairs_without_any_way_is_set_only_for_who_says_that_he_means_it()
    {
        await RouteAsync();
        var (_, refused) = await SetAsync(Closed, 0, isForced: false);
        Assert.Equal(422, refused.Status);
        var refusal = new LocalReply(refused.Status, refused.Json.ToArray()).Refusal!;
        Assert.Equal(64, refusal.Code);
        Assert.Equal("2 of 6 pairs of nodes, each direction counted, would be left without any way, one of them from 1 (relay-1) to 2 (relay-2) for realtime, and 4 would keep one way alone. Nothing was changed: to set it all the same, add --force (over HTTP force=true).", refusal.Error);
        Assert.Equal(0, await _loop.Do((core, _) => core.Policies.Newest.Version, _time.Token));

        var set = Read((await SetAsync(Closed, 0, isForced: true)).Answer);
        Assert.Equal((1, true), (set.Version, set.IsNew));
        Assert.Equal(
            ["2 of 6 pairs of nodes, each direction counted, are left without any way, one of them from 1 (relay-1) to 2 (relay-2) for realtime.", "4 of 6 pairs of nodes, each direction counted, keep one way alone: while this holds, they have no backup."],
            set.Warnings, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_takes_backups_away_is_set_and_told()
    {
        await RouteAsync();
        Assert.Equal("2 of 6 pairs of nodes, each direction counted, keep one way alone: while this holds, they have no backup.", Assert.Single(Read((await SetAsync(Middle, 0, isForced: false)).Answer).Warnings));

        // By then they have none that could be taken away, and to give them back takes nothing.
        await UntilAsync(core => core.Routing.Table.Of(new(1))!.To(RouteClass.Signal, new(2)).Count == 1);
        Assert.Empty(Read((await SetAsync("{}", 1, isForced: false)).Answer).Warnings);
    }

    [Fact]
    public async Task Who_replaces_another_version_than_holds_hears_that_first_and_many_at_once_wait_for_each_other()
    {
        await RouteAsync();
        Assert.True((await SetAsync(Closed, 7, isForced: false)).IsConflict);
        var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(each => SetAsync($$"""{"relay_time":"{{each + 1}}us"}""", 0, isForced: false)));
        Assert.Equal((1, 9), (all.Count(answer => !answer.IsConflict), all.Count(answer => answer.IsConflict)));
    }

    [Fact]
    public async Task Before_there_are_routes_it_says_that_it_cannot_tell()
    {
        Assert.Equal("No routes are computed yet, so that what this takes away cannot be told.", Assert.Single(Read((await SetAsync(Middle, 0, isForced: false)).Answer).Warnings));
    }

    private static PolicySetReport Read(LocalAnswer answer) => new LocalReply(answer.Status, answer.Json.ToArray()).Read(InspectionJson.Default.PolicySetReport);

    private Task<(bool IsConflict, LocalAnswer Answer)> SetAsync(string text, long expected, bool isForced)
    {
        Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
        return _setter.SetAsync(new(document, expected, "ann", ""), isForced, [], _time.Token);
    }

    /// <summary>From 1 to 2 there are two ways: straight, and by 3.</summary>
    private async Task RouteAsync()
    {
        await _loop.Do((core, now) =>
        {
            foreach (var (node, links) in ((int, (int Peer, int Milliseconds)[])[])[(1, [(2, 30), (3, 10)]), (2, [(1, 30), (3, 10)]), (3, [(1, 10), (2, 10)])])
                core.Routing.Take(now.Mono, new((ushort)node), new(true, true, [.. links.Select(link => new LinkReport(new((ushort)link.Peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(link.Milliseconds) })]));
            return true;
        }, _time.Token);
        await UntilAsync(core => core.Routing.Table.Nodes == 3 && core.Routing.Table.Of(new(1))!.To(RouteClass.Signal, new(2)).Count == 2);
    }

    private async Task UntilAsync(Func<Controller.Core.ControllerCore, bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await _loop.Do((core, _) => holds(core), _time.Token))
            await look.WaitForNextTickAsync(_time.Token);
    }
}
