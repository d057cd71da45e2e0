using System.Runtime.InteropServices;
using System.Security.Cryptography;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Files;

/// <summary>
/// Writes a file so that whoever reads it, after a crash or a power cut too, finds the old content or the new one, whole. It is
/// written beside its place, synchronised, renamed over it, and the folder synchronised. Nobody but the owner may read it,
/// unless asked otherwise. A disk that is full leaves the old content, nothing beside it, and a
/// <see cref="DaemonException"/> of one sentence.
/// </summary>
public static partial class AtomicFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode ReadableByAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = OwnerOnly)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new ArgumentException($"{path} is a root, not a file.", nameof(path));
        var beside = Path.Combine(folder, $".{Path.GetFileName(full)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.new");
        try
        {
            using (var stream = new FileStream(beside, OptionsFor(mode)))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            // The mode at creation is cut by the umask; what was asked for is what it gets.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(beside, mode);
            File.Move(beside, full, overwrite: true);
            SynchroniseFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryDelete(beside);
            throw new DaemonException($"{full} cannot be written: {FileFailure.Reason(failure, folder)}", FileFailure.ExitCode(failure), failure);
        }
    }

    private static FileStreamOptions OptionsFor(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to tell.
        }
    }

    // .NET opens no folders. Some file systems refuse to synchronise one, and do it by themselves: then there is nothing to do.
    private static void SynchroniseFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        const int DirectoryReadOnlyCloseOnExec = 0x10000 | 0x80000;
        var descriptor = Open(folder, DirectoryReadOnlyCloseOnExec);
        if (descriptor < 0)
            return;
        var result = FSync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result < 0 && error is (FileFailure.InputOutputError or FileFailure.NoSpace or FileFailure.QuotaExceeded))
            throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
