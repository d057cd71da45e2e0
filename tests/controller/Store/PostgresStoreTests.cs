using System.Collections.Concurrent;
using Npgsql;
using WeCan.Contracts.Control;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Store;

/// <summary>The suite on PostgreSQL, and what only a store that several controllers share has to keep to.</summary>
public sealed class PostgresStoreTests : StoreSuite, IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly PostgresFixture _postgres;
    private string _database = "";
    private long _token;

    public PostgresStoreTests(PostgresFixture postgres) => _postgres = postgres;

    private PostgresDoor Door => new(_database, "the test");

    internal override IControllerStore Open() => new PostgresStore(Door, _token);

    public override void Dispose()
    {
    }

    public async ValueTask InitializeAsync()
    {
        _database = await _postgres.MakeDatabaseAsync();
        using var lease = Lease("c1", Long);
        lease.Make();
        _token = lease.TryTake()!.Value;
        using var store = new PostgresStore(Door, _token);
        store.Migrate();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Who_was_overtaken_changes_nothing_and_is_told()
    {
        using var first = Open();
        first.Commit(new() { Network = Samples.Network });
        using (var lease = Lease("c1", Long))
            lease.Release(_token);
        using var others = Lease("c2", Long);
        var token = others.TryTake()!.Value;
        Assert.True(token > _token);
        using var second = new PostgresStore(Door, token);
        second.Commit(Token(2));

        foreach (var write in (Action[])[() => first.Commit(Token(1)), first.Probe])
            Assert.True(Assert.Throws<StoreException>(write).IsFenced);
        Assert.Equal([2UL], second.Load().Tokens.Keys);
    }

    /// <summary>The answer to a change did not come, the state was read anew, and then the change arrives: it would be on top of what it does not know.</summary>
    [Fact]
    public void A_change_that_comes_later_than_the_state_was_read_is_refused()
    {
        using var late = Open();
        late.Load();
        using var store = Open();
        store.Probe();
        store.Load();
        var refused = Assert.Throws<StoreException>(() => late.Commit(Token(1)));
        Assert.False(refused.IsFenced);
        Assert.Contains("had been given up", refused.Message, StringComparison.Ordinal);
        store.Commit(Token(2));
        store.Probe();
        store.Commit(Token(3));
        Assert.Equal([2UL, 3UL], store.Load().Tokens.Keys.Order());
    }

    [Fact]
    public async Task Of_many_who_want_to_lead_one_does_at_a_time_and_what_a_former_one_commits_is_refused()
    {
        using (var lease = Lease("c1", Long))
            lease.Release(_token);
        var (kept, refused) = (new ConcurrentBag<ulong>(), new ConcurrentBag<ulong>());
        await Task.WhenAll(Enumerable.Range(1, 4).Select(who => Task.Run(() =>
        {
            using var lease = Lease($"c{who}", TimeSpan.FromMilliseconds(20));
            for (var id = (ulong)who * 1_000; id < ((ulong)who * 1_000) + 100; id++)
                Lead(lease, id, kept, refused);
        })));

        using var store = Open();
        var there = store.Load().Tokens.Keys.ToHashSet();
        Assert.NotEmpty(kept);
        Assert.Empty(kept.Except(there));
        Assert.Empty(refused.Intersect(there));

        // A leader that does not know that it was overtaken is what this is about.
        Assert.NotEmpty(refused);
    }

    /// <summary>Leads if it can, and commits until it is overtaken or has done its part.</summary>
    private void Lead(PostgresLease lease, ulong id, ConcurrentBag<ulong> kept, ConcurrentBag<ulong> refused)
    {
        try
        {
            if (lease.TryTake() is not { } token)
                return;
            using var store = new PostgresStore(Door, token);
            for (var round = 0UL; round < 8; round++)
            {
                var row = (id * 10) + round;
                try
                {
                    store.Commit(Token(row));
                    kept.Add(row);
                }
                catch (StoreException overtaken) when (overtaken.IsFenced)
                {
                    refused.Add(row);
                    return;
                }
            }
        }
        catch (StoreException)
        {
            // A busy machine, whose server has not answered in time: what was being committed may be there or not.
        }
    }

    [Fact]
    public void A_lease_is_one_holder_s_until_it_ends_or_is_given_back()
    {
        using var second = Lease("c2", Long);
        Assert.Null(second.TryTake());
        Assert.Equal("c1", second.Holder());
        using var first = Lease("c1", Long);
        Assert.True(first.Renew(_token));
        first.Release(_token);
        var token = second.TryTake();
        Assert.NotNull(token);
        Assert.False(first.Renew(_token));
        Assert.True(second.Renew(token.Value));
        Assert.Null(first.TryTake());
    }

    [Fact]
    public void A_transaction_that_fails_half_way_leaves_nothing_and_the_store_goes_on()
    {
        using var store = Open();
        store.Commit(new() { Network = Samples.Network });
        var core = Samples.Core();
        core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay }, 1, Samples.SecretHash(1));
        core.Enrol(Samples.At(0), Samples.Order(1, 1));
        var broken = core.TakeTransaction()!;
        broken.Changes.Add(broken.Changes[0]);
        var before = Samples.Describe(store.Load());

        Assert.Contains("failed", Assert.Throws<StoreException>(() => store.Commit(broken)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Samples.Describe(store.Load()));
        store.Commit(Token(1));
        Assert.Single(store.Load().Tokens);
    }

    [Fact]
    public void A_store_of_a_later_version_is_left_alone()
    {
        Execute("UPDATE lease SET schema = 99");
        using var store = new PostgresStore(Door, _token);
        Assert.Contains("of version 99", Assert.Throws<StoreException>(store.Migrate).Message, StringComparison.Ordinal);
        Assert.Contains("of version 99", Assert.Throws<StoreException>(() => store.LoadNetwork()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_the_first_version_is_brought_up_to_date()
    {
        Execute("DROP TABLE network, base, member, token, rest, change, api_token, audit, policy, access_record, access_version; UPDATE lease SET schema = 0");
        Execute($"{StoreSchema.InPostgres(0)} UPDATE lease SET schema = 1; INSERT INTO network VALUES (1, '\\x000000000000000000000000000000ff', 'old', 5); INSERT INTO rest VALUES (1, 9, 77)");
        using var store = new PostgresStore(Door, _token);
        store.Migrate();
        Fill(store);
        var state = store.Load();
        Assert.Equal(("old", 1, 1), (state.Network!.Name, state.Rests.Count, state.Members.Count));
        store.Migrate();
    }

    [Fact]
    public void What_an_operator_wrote_wrong_is_told_in_a_sentence()
    {
        Says("no connection string", () => _ = new PostgresDoor("Hots=x", "the file"));
        Says("no connection string", () => _ = new PostgresDoor("", "the file"));
        Assert.Equal(ExitCodes.Config, Assert.Throws<StoreException>(() => _ = new PostgresDoor("Hots=x", "the file")).ExitCode);
        Says("There is no database", () => new PostgresDoor(_database + "x", "the file").Open().Dispose());
        Says("does not answer", () => new PostgresDoor("Host=127.0.0.1;Port=1;Username=a;Database=b", "the file").Open().Dispose());
        Says("holds no network", () => new PostgresStore(new(_database.Split(";Database=")[0] + ";Database=postgres", "the file"), 0).LoadNetwork());
    }

    /// <summary>Whom the database does not let in, or lets in nowhere, has a wrong file; who cannot reach it may reach it soon.</summary>
    [Theory]
    [InlineData("Username=nobody;Database=", "does not let this controller in", ExitCodes.Config)]
    [InlineData("Username=guarded;Password=wrong;Database=", "does not let this controller in", ExitCodes.Config)]
    [InlineData("Username=guarded;Database=", "does not let this controller in", ExitCodes.Config)]
    [InlineData("Username=wecan;Database=x", "There is no database", ExitCodes.Config)]
    [InlineData("Username=wecan;Port=1;Database=", "does not answer", ExitCodes.Io)]
    public void Wrong_credentials_are_an_error_of_the_configuration_and_the_file_is_named(string login, string sentence, int exitCode)
    {
        Execute("DO $$ BEGIN CREATE ROLE guarded LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var parts = _database.Split("Username=wecan;Database=");
        new PostgresDoor($"{parts[0]}Username=guarded;Password=right;Database={parts[1]}", "the file").Open().Dispose();
        var problem = Assert.Throws<StoreException>(() => new PostgresDoor($"{parts[0]}{login}{parts[1]}", "/etc/wecan/database").Open().Dispose());
        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
        Assert.Equal((exitCode, exitCode == ExitCodes.Config), (problem.ExitCode, problem.Message.Contains("/etc/wecan/database", StringComparison.Ordinal)));
    }

    private static void Fill(IControllerStore store)
    {
        var core = Samples.Core();
        core.CreateToken(Samples.At(0), new() { Role = NodeRole.Relay }, 1, Samples.SecretHash(1));
        core.Enrol(Samples.At(0), Samples.Order(1, 1));
        store.Commit(core.TakeTransaction()!);
    }

    private static StoreTransaction Token(ulong id)
    {
        var transaction = new StoreTransaction();
        transaction.Tokens[id] = new() { Id = id, SecretHash = Samples.SecretHash(id), Role = NodeRole.Relay, UsesLeft = 1, Created = Samples.Start, Expires = Samples.Start };
        return transaction;
    }

    private static void Says(string expected, Action action) =>
        Assert.Contains(expected, Assert.Throws<StoreException>(action).Message, StringComparison.Ordinal);

    private PostgresLease Lease(string holder, TimeSpan life) => new(Door, holder, life);

    private void Execute(string text)
    {
        using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(text, connection);
        command.ExecuteNonQuery();
    }
}
