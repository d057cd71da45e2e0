using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Backup;
using WeCan.Controller.Tests.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Backup;

/// <summary>Backups to and from a database, and the controllers that are made of them.</summary>
public sealed class SharedBackupTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_network_moves_to_a_database_gets_another_controller_and_moves_back()
    {
        var (single, shared, second, back) = (In("single"), In("shared"), In("second"), In("back"));
        NetworkInit.Run(single, "test-net", "c1", DateTimeOffset.UtcNow);
        await AskAsync(single, "token create", ("role", "relay"));
        var tokens = await AskAsync(single, "token list");
        var ofSingle = await BackUpAsync(single);
        Says("one controller has for itself", () => NetworkBackup.Join(second, "c2", ofSingle, null, DateTimeOffset.UtcNow));
        Assert.False(second.HasNetwork);

        var database = await postgres.MakeDatabaseAsync();
        NetworkBackup.Restore(shared, ofSingle, null, database);
        Says("holds the network test-net already", () => NetworkBackup.Restore(back, ofSingle, null, database));
        Says("holds the network test-net already", () => NetworkInit.Run(back, "other", "c1", DateTimeOffset.UtcNow, database));
        Assert.Equal(tokens, await AskAsync(shared, "token list"));

        var ofShared = await BackUpAsync(shared);
        Assert.Contains("This is the controller c2 now", NetworkBackup.Join(second, "c2", ofShared, null, DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(shared.AuthorityKey, _time.Token), await File.ReadAllTextAsync(second.AuthorityKey, _time.Token));
        Assert.NotEqual(await File.ReadAllTextAsync(shared.OwnKey, _time.Token), await File.ReadAllTextAsync(second.OwnKey, _time.Token), StringComparer.Ordinal);
        await AskAsync(second, "token create", ("role", "edge"));
        Assert.Equal(3, (await AskAsync(shared, "token list")).Split('\n').Length);

        NetworkBackup.Restore(back, ofShared, null);
        Assert.Equal(tokens, await AskAsync(back, "token list"));
    }

    private static void Says(string expected, Action action) => Assert.Contains(expected, Assert.Throws<DaemonException>(action).Message, StringComparison.Ordinal);

    private DataFolder In(string name) => new(_folder.File(name));

    private async Task<string> BackUpAsync(DataFolder folder)
    {
        var file = _folder.File($"backup-{Guid.NewGuid():N}");
        await NetworkBackup.MakeAsync(folder, file, null, TimeProvider.System, _time.Token);
        return file;
    }

    private async Task<string> AskAsync(DataFolder folder, string command, params (string Name, string Value)[] arguments)
    {
        var answer = await AdminClient.RunAsync(folder, new(command, arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal)), _time.Token);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }
}
