namespace WeCan.Bench.Flood;

/// <summary>How hard bench flood forges, unless it is told otherwise, and what the flow beside it is.</summary>
internal static class FloodLimits
{
    /// <summary>Forged packets a second.</summary>
    public const int Rate = 300_000;

    public const int Seconds = 10;

    /// <summary>Messages of the flow, each second, and the bytes of each.</summary>
    public const int FlowRate = 1_000;

    public const int FlowBytes = 200;

    /// <summary>Different forged packets that are sent over and over.</summary>
    public const int Forged = 8_192;

    /// <summary>Forged packets of one length and kind that follow each other, and leave joined.</summary>
    public const int Row = 16;

    /// <summary>Forged packets that leave by one call.</summary>
    public const int Batch = 64;

    /// <summary>Sockets, and so ports, that they come from.</summary>
    public const int Sockets = 4;

    /// <summary>Real datagrams that wait to be replayed.</summary>
    public const int Recorded = 256;

    /// <summary>What the flow's messages are worth.</summary>
    public static readonly Contracts.Duration Deadline = Contracts.Duration.FromMilliseconds(200);

    /// <summary>The forger catches up with its rate so often, and is given real datagrams to replay so often.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static readonly TimeSpan ReplayTick = TimeSpan.FromMilliseconds(20);

    /// <summary>For the last messages of the flow, and what is still on its way.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);
}
