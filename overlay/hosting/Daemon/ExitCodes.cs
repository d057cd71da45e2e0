namespace WeCan.Hosting.Daemon;

/// <summary>
/// What a process of this project ends with: the numbers of sysexits.h, which systemd knows by name
/// (<c>RestartPreventExitStatus=CONFIG USAGE NOPERM</c>). docs/operations.md lists them.
/// </summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Something that nobody foresaw; --debug shows where.</summary>
    public const int Fault = 1;

    /// <summary>A flag or command that does not exist, or misses its value.</summary>
    public const int Usage = 64;

    /// <summary>Something it needs is not to be had: a port in use, an address that is not this machine's.</summary>
    public const int Unavailable = 69;

    /// <summary>A file could not be read or written: a full disk, a file that is no longer what was written.</summary>
    public const int Io = 74;

    /// <summary>It ended as asked, but not everything was drained in time.</summary>
    public const int DrainIncomplete = 75;

    /// <summary>What was asked for cannot be done yet, or now; the sentence says what to wait for.</summary>
    public const int TemporarilyNot = 75;

    /// <summary>The system does not permit it.</summary>
    public const int NoPermission = 77;

    /// <summary>The configuration is wrong; --check-config ends with this too.</summary>
    public const int Config = 78;
}
