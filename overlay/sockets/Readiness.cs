namespace WeCan.Sockets;

/// <summary>Why a waiting loop goes on; none when its time has come.</summary>
[Flags]
internal enum Readiness
{
    None = 0,
    Readable = 1,
    Writable = 2,
    Woken = 4,

    /// <summary>Sockets of the host's own have news.</summary>
    Beside = 8,
}
