using WeCan.Contracts;

namespace WeCan.Bench.Bus;

/// <summary>How long and how often bench bus measures.</summary>
internal static class BusLimits
{
    /// <summary>Turns of both, one after the other; what is told is the median of each.</summary>
    public const int Rounds = 5;

    /// <summary>Programs run for so long before anything counts, so that their runtimes have little left to compile.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>From the beginning of each turn until it counts.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(0.5);

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    /// <summary>Messages a second of the case that asks for delays.</summary>
    public const int PacedRate = 100_000;

    /// <summary>A publisher that keeps to a rate looks at the clock so often.</summary>
    public static readonly Duration Tick = Duration.FromMicroseconds(100);

    /// <summary>Bytes that the client of nats-server gathers before it sends them, and asks for at a time.</summary>
    public const int NatsWrite = 64 << 10;

    public const int NatsRead = 256 << 10;

    /// <summary>Messages that a client of the bus has on their way before it waits for the first.</summary>
    public const int PublishesAtOnce = 16_384;

    /// <summary>A publisher that waits for room, and a requester for an answer, for longer than this has lost its server.</summary>
    public static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(20);
}
