using System.Globalization;
using WeCan.Contracts;
using WeCan.Hosting.Files;

namespace WeCan.Runtime;

/// <summary>
/// Gives a starting node its boot epoch: the wall clock in seconds, and more than what the state file says an earlier life
/// had. The file is replaced, and on the disk, before the epoch is given, so no two lives share one even where
/// the wall clock was set back. Without a file the wall clock alone decides.
/// </summary>
public static class BootEpochSource
{
    private const int MaxFileBytes = 64;

    /// <exception cref="RuntimeStartException">The state file cannot be read, understood or written.</exception>
    public static BootEpoch Next(TimeProvider time, string? stateFile)
    {
        ArgumentNullException.ThrowIfNull(time);
        var wall = (uint)Math.Clamp(time.GetUtcNow().ToUnixTimeSeconds(), 1, uint.MaxValue);
        if (stateFile is null)
            return new(wall);
        try
        {
            var last = ReadLast(stateFile);
            if (last == uint.MaxValue)
                throw Unreadable(stateFile);
            var epoch = Math.Max(wall, last + 1);
            Store(stateFile, epoch);
            return new(epoch);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeStartException(
                $"The boot epoch cannot be kept in {stateFile}: {FileFailure.Reason(failure, Path.GetDirectoryName(Path.GetFullPath(stateFile))!)}", failure);
        }
    }

    private static uint ReadLast(string stateFile)
    {
        if (!File.Exists(stateFile))
            return 0;
        using var file = File.OpenRead(stateFile);
        Span<byte> bytes = stackalloc byte[MaxFileBytes];
        bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        return uint.TryParse(bytes.TrimEnd("\r\n "u8), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : throw Unreadable(stateFile);
    }

    private static void Store(string stateFile, uint epoch)
    {
        var fresh = stateFile + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{epoch}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, stateFile, overwrite: true);
    }

    private static RuntimeStartException Unreadable(string stateFile) =>
        new($"The file {stateFile} does not hold a boot epoch: if the wall clock is right, delete it and start again.");
}
