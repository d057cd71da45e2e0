using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Authority;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Controller.Tests.Store;
using WeCan.Programs;

namespace WeCan.Controller.Tests.Service;

/// <summary>Controllers that share a database, each with its loop and its leadership in this process: who leads, and what becomes of it.</summary>
public sealed class DatabaseTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(60));
    private readonly CancellationTokenSource _ends = new();
    private readonly LineLog _log = new();

    /// <summary>The loops and leaderships: a fault in one is the test's.</summary>
    private readonly List<Task> _leading = [];
    private PostgresServer? _server;
    private string _text = "";
    private PostgresDoor _door = null!;

    public async ValueTask InitializeAsync()
    {
        PostgresFixture.Require();
        _server = await PostgresServer.StartAsync();
        _text = await _server.MakeDatabaseAsync();
        _door = new(_text, "the test");
        using var access = StoreAccess.OpenEmpty(_door);
        access.Store.Commit(new() { Network = Samples.Network });
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await Task.WhenAll(_leading);
        if (_server is not null)
            await _server.DisposeAsync();
        _ends.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task A_database_that_vanishes_stops_changes_and_nothing_else_until_it_is_back()
    {
        var loop = Start("c1", _ends.Token);
        await UntilAsync(() => loop.Mode == LoopMode.Leads);
        await CreateTokenAsync(loop, 1);

        // In the midst of it: some of these are answered and some are refused, and none waits for ever.
        var writing = Enumerable.Range(2, 200).Select(async id =>
        {
            try
            {
                await CreateTokenAsync(loop, (ulong)id);
                return (ulong)id;
            }
            catch (StoreException)
            {
                return 0UL;
            }
        }).ToList();
        await writing[0];
        _server!.Kill();
        var answered = await Task.WhenAll(writing);
        await UntilAsync(() => loop.Mode == LoopMode.ReadOnly);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(loop, 300))).Message, StringComparison.Ordinal);
        Assert.True(await loop.Do((core, _) => core.Tokens.Any(token => token.Id == 1), _time.Token));

        await _server.ResumeAsync();
        await UntilAsync(() => loop.Mode == LoopMode.Leads);
        await CreateTokenAsync(loop, 301);
        using var store = new PostgresStore(_door, 0);
        var kept = store.Load().Tokens.Keys.ToHashSet();
        Assert.Empty(answered.Where(id => id != 0).Except(kept));
        Assert.Contains(301UL, kept);
        Assert.Contains(_log.Lines, line => line.Contains("does not answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_leads_and_another_takes_over_what_it_had()
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        var one = Start("c1", first.Token);
        await UntilAsync(() => one.Mode == LoopMode.Leads);
        var two = Start("c2", _ends.Token);
        await UntilAsync(() => two.Trouble.Contains("c1 leads", StringComparison.Ordinal));
        Assert.Contains("c2 stands by, as c1 leads", (await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(two, 9))).Message, StringComparison.Ordinal);
        await CreateTokenAsync(one, 1);
        var policy = PolicyDocument.Default with { RelayTime = Duration.FromMilliseconds(3) };
        Assert.True((await one.Change((core, now) => core.SetPolicy(now, new(policy, 0, "ann", "")), _time.Token)).IsNew);
        Assert.Equal(0, await two.Do((core, _) => core.Policies.Newest.Version, _time.Token));

        // Its end without a word: its lease runs out.
        await first.CancelAsync();
        var start = TimeProvider.System.GetTimestamp();
        await UntilAsync(() => two.Mode == LoopMode.Leads);

        // Two seconds, and what a machine takes that runs other tests meanwhile.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(6));
        await CreateTokenAsync(two, 2);
        Assert.Equal((1, policy.RelayTime, policy.RelayTime), await two.Do((core, _) => (core.Policies.Newest.Version, core.Routing.Document.RelayTime, core.Routing.Policy.RelayTime), _time.Token));
        Assert.True(await two.Change((core, now) => core.SetPolicy(now, new(PolicyDocument.Default, 0, "bob", "")).IsConflict, _time.Token));
        Assert.Equal([1UL, 2UL], await two.Do((core, _) => core.Tokens.Select(token => token.Id).ToList(), _time.Token));
    }

    /// <summary>Its leadership hangs, and so it thinks that it leads while another does: nothing of it is kept, and it is told.</summary>
    [Fact]
    public async Task Of_two_that_think_they_lead_the_stale_one_is_refused()
    {
        using var hangs = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        var one = Start("c1", _ends.Token, hangs.Token);
        await UntilAsync(() => one.Mode == LoopMode.Leads);
        await CreateTokenAsync(one, 1);
        await hangs.CancelAsync();
        var two = Start("c2", _ends.Token);
        await UntilAsync(() => two.Mode == LoopMode.Leads);
        Assert.Equal(LoopMode.Leads, one.Mode);
        await CreateTokenAsync(two, 2);

        var refused = await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(one, 3));
        Assert.True(refused.IsFenced);
        await UntilAsync(() => one.Mode == LoopMode.StandsBy);
        using var store = new PostgresStore(_door, 0);
        Assert.Equal([1UL, 2UL], store.Load().Tokens.Keys);
    }

    /// <summary>
    /// The way from the leader to the database is cut without a word: alone it serves nodes from memory; where another controller reaches the
    /// database that one leads, and the first sends nodes there; alone again it serves them from memory again; and when the database
    /// answers, it leads with what the other one had changed.
    /// </summary>
    [Fact]
    public async Task A_leader_that_is_cut_off_from_the_database_stands_by_where_another_leads_and_serves_from_memory_where_nobody_does()
    {
        await using var way = new HaltingProxy(new(IPAddress.Loopback, new NpgsqlConnectionStringBuilder(_text).Port));
        using var second = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        var leads = "";
        var one = Start("c1", _ends.Token, door: new(new NpgsqlConnectionStringBuilder(_text) { Port = way.Address.Port }.ConnectionString, "the test"), others: () => leads);
        await UntilAsync(() => one.Mode == LoopMode.Leads);
        await CreateTokenAsync(one, 1);

        // In the midst of a change, of which nobody knows then whether it was made.
        way.Halt();
        var unsure = await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(one, 2));
        Assert.EndsWith("nothing can be changed until it does, and only then shows whether this change was made.", unsure.Message, StringComparison.Ordinal);
        await UntilAsync(() => one.Mode == LoopMode.ReadOnly);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<StoreException>(() => CreateTokenAsync(one, 2))).Message, StringComparison.Ordinal);
        Assert.True(await one.Do((core, _) => core.Tokens.Any(token => token.Id == 1), _time.Token));

        var two = Start("c2", second.Token);
        await UntilAsync(() => two.Mode == LoopMode.Leads);
        leads = "c2";
        await UntilAsync(() => one.Mode == LoopMode.StandsBy);
        Assert.Equal("Controller c1 stands by, as c2 leads: ask that one", one.Trouble);
        await CreateTokenAsync(two, 3);

        await second.CancelAsync();
        leads = "";
        await UntilAsync(() => one.Mode == LoopMode.ReadOnly);
        way.GoOn();
        await UntilAsync(() => one.Mode == LoopMode.Leads);
        await CreateTokenAsync(one, 4);
        Assert.Equal([1UL, 3UL, 4UL], await one.Do((core, _) => core.Tokens.Select(token => token.Id).Order().ToList(), _time.Token));
    }

    private ControllerLoop Start(string id, CancellationToken ends, CancellationToken? leadershipEnds = null, PostgresDoor? door = null, Func<string>? others = null)
    {
        door ??= _door;
        var loop = new ControllerLoop(new() { Network = Samples.Network }, new(LoopMode.StandsBy, null, "It starts.", null), new() { Name = id }, Samples.Office, TimeProvider.System, NullLogger.Instance);
        _leading.Add(RunAsync(loop, ends));
        var leadership = new Leadership(
            door, new PostgresLease(door, id, ServiceLimits.LeaseLife), loop, _ => Task.FromResult(others?.Invoke() is { Length: > 0 } leader ? leader : null), id, TimeProvider.System, _log);
        _leading.Add(Task.Run(() => leadership.RunAsync(leadershipEnds ?? ends), CancellationToken.None));
        return loop;
    }

    private static async Task RunAsync(ControllerLoop loop, CancellationToken ends)
    {
        try
        {
            await loop.RunAsync(null, ends);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }

    private async Task CreateTokenAsync(ControllerLoop loop, ulong id) =>
        Assert.Null(await loop.Change((core, now) => core.CreateToken(now, new() { Role = NodeRole.Relay }, id, Samples.SecretHash(id)), _time.Token));

    private async Task UntilAsync(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            await (_leading.Find(task => task.IsFaulted) ?? Task.CompletedTask);
            await look.WaitForNextTickAsync(_time.Token);
        }
    }
}
