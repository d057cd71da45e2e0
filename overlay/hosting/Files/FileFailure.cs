using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Files;

/// <summary>What a failed access to a file means to the person who runs the daemon. On Unix an IOException carries the error number.</summary>
public static class FileFailure
{
    public const int InputOutputError = 5;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int QuotaExceeded = 122;

    public static string Reason(Exception failure, string folder) => failure switch
    {
        { HResult: NoSpace } => $"the disk that holds {folder} is full: make room on it, and start again.",
        { HResult: QuotaExceeded } => $"the quota of {Environment.UserName} on the disk that holds {folder} is used up: raise it or make room, and start again.",
        { HResult: ReadOnlyFileSystem } => $"the file system that holds {folder} is read-only: mount it for writing, or configure another place.",
        { HResult: InputOutputError } => $"the disk that holds {folder} fails: look at the kernel's log.",
        DirectoryNotFoundException => $"there is no folder {folder}: make it, or configure another place.",
        UnauthorizedAccessException => $"{Environment.UserName} may not write in {folder}: grant it the right, or configure another place.",
        _ => failure.Message,
    };

    public static int ExitCode(Exception failure) => failure is UnauthorizedAccessException ? ExitCodes.NoPermission : ExitCodes.Io;
}
