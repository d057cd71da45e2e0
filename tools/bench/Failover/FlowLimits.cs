namespace WeCan.Bench.Failover;

/// <summary>The flows that programs send through tunnels while links fail.</summary>
internal static class FlowLimits
{
    public const int RealtimePerSecond = 400;

    public const int RealtimeBytes = 1_000;

    /// <summary>Every so many Realtime messages, one of Signal goes as well.</summary>
    public const int RealtimePerSignal = 8;

    public const int SignalBytes = 100;

    /// <summary>Later than this is missed.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(200);

    /// <summary>The network has so long to learn its ways.</summary>
    public static readonly TimeSpan SettleBound = TimeSpan.FromSeconds(90);

    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>With ways known, so long passes before the scenario begins.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    /// <summary>The scenario's own length.</summary>
    public const int Seconds = 66;

    /// <summary>What is under way at the end has so long to arrive.</summary>
    public static readonly TimeSpan Tail = TimeSpan.FromSeconds(10);

    public const int OneWayPort = 9_001;

    public const int TwoWaysPort = 9_002;

    public const int SignalPort = 9_003;
}
