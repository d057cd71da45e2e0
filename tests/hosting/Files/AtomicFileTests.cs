using System.Diagnostics;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_replaced_whole_and_only_its_owner_may_read_it()
    {
        var path = _folder.Write("state", "the old content, which is longer");

        AtomicFile.Write(path, "new"u8);

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(AtomicFile.OwnerOnly, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_reader_sees_the_old_content_or_the_new_and_nothing_between()
    {
        var path = _folder.File("state");
        byte[][] contents = [[.. Enumerable.Repeat((byte)'a', 50_000)], [.. Enumerable.Repeat((byte)'b', 70_000)]];
        AtomicFile.Write(path, contents[0]);
        using var done = new CancellationTokenSource();
        var sawBoth = new TaskCompletionSource();
        var reader = Task.Factory.StartNew(
            () =>
            {
                var seen = new bool[contents.Length];
                while (!done.IsCancellationRequested)
                {
                    var read = File.ReadAllBytes(path);
                    var which = Array.FindIndex(contents, content => read.AsSpan().SequenceEqual(content));
                    Assert.True(which >= 0, $"{read.Length} bytes, of neither content");
                    seen[which] = true;
                    if (!seen.Contains(false))
                        sawBoth.TrySetResult();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // The reader may start late on a busy machine: there is something to see until it has seen both.
        for (var i = 1; i <= 200 || !(sawBoth.Task.IsCompleted || reader.IsCompleted); i++)
            AtomicFile.Write(path, contents[i % 2]);
        await done.CancelAsync();
        await reader;
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_in_one_sentence()
    {
        var failure = Assert.Throws<DaemonException>(() => AtomicFile.Write(_folder.File("none/state"), "new"u8));

        Assert.Contains("there is no folder", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Io, failure.ExitCode);
    }

    [Fact]
    public void A_full_disk_leaves_the_old_content_and_is_told_in_one_sentence()
    {
        if (!Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Path))
            Assert.Skip("A small file system cannot be mounted here: run as root with CAP_SYS_ADMIN.");
        try
        {
            var path = _folder.File("state");
            AtomicFile.Write(path, "old"u8);

            var failure = Assert.Throws<DaemonException>(() => AtomicFile.Write(path, new byte[1 << 20]));

            Assert.Contains($"the disk that holds {_folder.Path} is full", failure.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Io, failure.ExitCode);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        }
        finally
        {
            Assert.True(Run("umount", _folder.Path));
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
