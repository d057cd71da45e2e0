namespace WeCan.MessageBus.Access;

/// <summary>What a pipe to an edge holds, and for how long its opening is waited for.</summary>
internal static class AccessBounds
{
    /// <summary>What is received at a time.</summary>
    public const int PieceBytes = 64 << 10;

    /// <summary>What waits to be sent; the rest waits in the session.</summary>
    public const int SendBytes = 256 << 10;

    /// <summary>Edges of which a process remembers by which access they are best reached.</summary>
    public const int Remembered = 1_024;

    /// <summary>TCP, TLS and HTTP together.</summary>
    public static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(10);

    /// <summary>A goodbye may take so long to leave.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
}
