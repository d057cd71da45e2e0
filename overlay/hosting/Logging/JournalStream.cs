namespace WeCan.Hosting.Logging;

/// <summary>Whether standard error goes to journald: JOURNAL_STREAM names its device and inode, and a redirected one has others.</summary>
internal static class JournalStream
{
    public const string Variable = "JOURNAL_STREAM";

    public static bool Is(IReadOnlyDictionary<string, string> variables, string? target) =>
        variables.TryGetValue(Variable, out var stream)
        && stream.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        && target == $"socket:[{stream.AsSpan(colon + 1)}]";

    /// <summary>What standard error is, as the kernel names it: "socket:[INODE]" for a socket.</summary>
    public static string? StandardError()
    {
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo("/proc/self/fd/2").LinkTarget : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
