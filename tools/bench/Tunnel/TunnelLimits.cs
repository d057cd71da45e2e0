namespace WeCan.Bench.Tunnel;

/// <summary>What is asked of tunnels, and how long anything may take.</summary>
internal static class TunnelLimits
{
    /// <summary>Seconds of each measurement.</summary>
    public const int Seconds = 10;

    /// <summary>Rounds of the clean case, ours and nebula's by turns.</summary>
    public const int Rounds = 3;

    public const int PacketsPerSecond = 400;

    public const int PacketBytes = 1_200;

    /// <summary>Of IPv4 and UDP: a plain packet has these and no more.</summary>
    public const int Headers = 28;

    public const int ProbePort = 9_000;

    public const int PerfPort = 5_201;

    /// <summary>What the kernel's usual limit lets a program ask for.</summary>
    public const string PerfBuffer = "4M";

    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    /// <summary>Links are given so long to warm up: measuring begins with code that is compiled and a path that is known.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <summary>Beyond the time that a command was asked to run.</summary>
    public static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(60);
}
