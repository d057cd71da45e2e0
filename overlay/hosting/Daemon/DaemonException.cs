namespace WeCan.Hosting.Daemon;

/// <summary>
/// Why a daemon cannot start or go on, told to the person who runs it: the message says what happened, to what, and what to
/// do now, and stands on standard error as it is. <see cref="ExitCode"/> is what the process ends with (<see cref="ExitCodes"/>).
/// </summary>
public class DaemonException : Exception
{
    public DaemonException(string message, int exitCode, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    public int ExitCode { get; }
}
