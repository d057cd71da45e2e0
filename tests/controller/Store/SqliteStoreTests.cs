using Microsoft.Data.Sqlite;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Store;

public sealed class SqliteStoreTests : StoreSuite
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("state.db");

    internal override IControllerStore Open() => SqliteStore.Open(Path);

    public override void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_opening_while_it_is_open_says_who_is_in_the_way()
    {
        using var store = Open();
        Says("in use by another process", () => Open().Dispose());
        store.Commit(new() { Network = Samples.Network });
    }

    [Fact]
    public void A_transaction_that_fails_half_way_leaves_nothing()
    {
        using var store = Open();
        store.Commit(new() { Network = Samples.Network });
        var before = Samples.Describe(store.Load());

        // The second change has the first one's number: the rest of the transaction is written before that shows.
        var core = Samples.Core();
        core.CreateToken(Samples.At(0), new() { Role = Contracts.Control.NodeRole.Relay }, 1, Samples.SecretHash(1));
        core.Enrol(Samples.At(0), Samples.Order(1, 1));
        var broken = core.TakeTransaction()!;
        broken.Changes.Add(broken.Changes[0]);

        Says("failed", () => store.Commit(broken));
        Assert.Equal(before, Samples.Describe(store.Load()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4_096)]
    public void A_damaged_file_is_told_from_a_store(int at)
    {
        Fill();
        var bytes = File.ReadAllBytes(Path);
        new Random(at).NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, 20_000)));
        File.WriteAllBytes(Path, bytes);

        Says("put a backup in its place", () =>
        {
            using var store = Open();
            store.Load();
        });
    }

    [Fact]
    public void A_change_that_does_not_follow_is_seen()
    {
        Fill();
        Execute("UPDATE change SET mark = mark + 1 WHERE number = 3");
        Says("change 3 does not follow", () =>
        {
            using var store = Open();
            store.Load();
        });
    }

    [Fact]
    public void A_store_of_a_later_version_is_left_alone()
    {
        Fill();
        Execute("PRAGMA user_version = 99");
        Says("of version 99", () => Open().Dispose());
    }

    [Fact]
    public void A_store_of_the_first_version_is_brought_up_to_date()
    {
        Execute($"{StoreSchema.InSqlite(0)} PRAGMA user_version = 1; INSERT INTO network VALUES (1, x'000000000000000000000000000000ff', 'old', 5); INSERT INTO rest VALUES (1, 9, 77)");
        Fill();
        using var store = Open();
        var state = store.Load();
        Assert.Equal((50, 1), (state.Members.Count, state.Rests.Count));
        Assert.Equal("test", state.Network!.Name);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Says("cannot be opened for writing", () => SqliteStore.Open(_folder.File("no/such/state.db")).Dispose());

    private void Fill()
    {
        using var store = Open();
        store.Commit(new() { Network = Samples.Network });
        var core = Samples.Core();
        core.CreateToken(Samples.At(0), new() { Role = Contracts.Control.NodeRole.Relay, Uses = 50 }, 1, Samples.SecretHash(1));
        for (ulong node = 1; node <= 50; node++)
            core.Enrol(Samples.At(0), Samples.Order(1, node));
        store.Commit(core.TakeTransaction()!);
    }

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static void Says(string expected, Action action) =>
        Assert.Contains(expected, Assert.Throws<StoreException>(action).Message, StringComparison.Ordinal);
}
