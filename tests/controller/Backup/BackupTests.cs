using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Backup;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Service;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Tests.Backup;

/// <summary>A network goes into a file, while its controller runs, and comes out of it on another machine.</summary>
public sealed class BackupTests : IDisposable
{
    private const string Passphrase = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(60));

    public BackupTests() => NetworkInit.Run(Folder, "test-net", "c1", DateTimeOffset.UtcNow);

    private DataFolder Folder => new(_folder.File("net"));

    private DataFolder Other => new(_folder.File("other"));

    public void Dispose()
    {
        _time.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Passphrase)]
    public async Task A_node_of_the_backup_connects_to_the_restored_controller_and_one_that_came_later_does_not(string? passphrase)
    {
        using var early = new TestNode();
        using var late = new TestNode();
        var file = _folder.File("backup");
        await using (var service = await StartAsync(Folder))
        {
            Assert.Null(await early.EnrolAsync(await TokenAsync(), service.Address, _time.Token));
            var told = await NetworkBackup.MakeAsync(Folder, file, passphrase, TimeProvider.System, _time.Token);
            Assert.Contains("with 1 members", told, StringComparison.Ordinal);
            Assert.Equal(passphrase is null, told.Contains("in the clear", StringComparison.Ordinal));
            Assert.Null(await late.EnrolAsync(await TokenAsync(), service.Address, _time.Token));
            await early.ServeAsync(service.Address, node => node.Replica!.Members.Count == 2, _time.Token);
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("with 1 members", NetworkBackup.Restore(Other, file, passphrase), StringComparison.Ordinal);
        Assert.Equal(0, Directory.GetFiles(Folder.Path, "state.*.db*").Length + Directory.GetFiles(Other.Path, "state.*.db*").Length);

        await using var restored = await StartAsync(Other);
        await early.ServeAsync(restored.Address, node => node.Replica!.Members.Count == 1, _time.Token);
        await late.ServeAsync(restored.Address, _ => false, _time.Token);
        Assert.Equal(Contracts.Control.Messages.GoodbyeReason.NotAMember, late.End!.Reason);
    }

    [Fact]
    public async Task What_is_wrong_with_a_backup_is_told_and_leaves_no_network()
    {
        var file = _folder.File("backup");
        await NetworkBackup.MakeAsync(Folder, file, Passphrase, TimeProvider.System, _time.Token);
        Says("a file", await Assert.ThrowsAsync<DaemonException>(() => NetworkBackup.MakeAsync(Folder, file, null, TimeProvider.System, _time.Token)));
        Says("There is a network in", Assert.Throws<DaemonException>(() => NetworkBackup.Restore(Folder, file, Passphrase)));
        Says("is sealed under a passphrase", Assert.Throws<DaemonException>(() => NetworkBackup.Restore(Other, file, null)));
        Says("the passphrase is another one", Assert.Throws<DaemonException>(() => NetworkBackup.Restore(Other, file, "another passphrase")));

        var bytes = await File.ReadAllBytesAsync(file, _time.Token);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, _time.Token);
        Says("or the file is damaged", Assert.Throws<DaemonException>(() => NetworkBackup.Restore(Other, file, Passphrase)));
        await File.WriteAllTextAsync(file, "not a backup", _time.Token);
        Says("is no backup", Assert.Throws<DaemonException>(() => NetworkBackup.Restore(Other, file, null)));
        Assert.False(File.Exists(Other.Store));
    }

    [Fact]
    public void An_archive_that_was_cut_or_changed_anywhere_is_refused_or_read_without_an_exception()
    {
        var archive = BackupArchive.Write(new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["state.db"] = [1, 2, 3], ["authority.pem"] = new byte[600] }, DateTimeOffset.UnixEpoch);
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var broken = archive.AsSpan(0, random.Next(archive.Length + 1)).ToArray();
            for (var i = random.Next(4); i > 0 && broken.Length > 0; i--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            BackupArchive.TryRead(broken);
            BackupSeal.TryOpen(broken.AsSpan(0, Math.Min(broken.Length, 40)), Passphrase);
        }

        Assert.Equal([1, 2, 3], BackupArchive.TryRead(archive)!["state.db"]);
    }

    private static void Says(string expected, Exception problem) => Assert.Contains(expected, problem.Message, StringComparison.Ordinal);

    private Task<ControllerService> StartAsync(DataFolder folder) =>
        ControllerService.StartAsync(
            new() { Data = folder.Path, Listen = new(IPAddress.Loopback, 0), Id = "c1", Controllers = [] },
            TimeProvider.System, NullLoggerFactory.Instance, null, failure => Assert.Fail(failure.ToString()), _time.Token);

    private async Task<string> TokenAsync()
    {
        var answer = await AdminClient.RunAsync(Folder, new("token create", new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = "relay" }), _time.Token);
        Assert.True(answer.IsDone, answer.Text);
        return answer.Text;
    }
}
