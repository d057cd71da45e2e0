namespace WeCan.Bench.Forward;

/// <summary>How long and how often bench forward measures.</summary>
internal static class ForwardLimits
{
    public const int Rounds = 5;

    /// <summary>The relay carries for so long before anything counts, again and again until its runtime has little left to compile.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>Beyond the thirty calls after which the runtime compiles a method anew.</summary>
    public const int WarmScrapes = 40;

    public static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(40);

    /// <summary>Of one processor, while it is warm.</summary>
    public const double WarmShare = 0.002;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1.5);

    public static readonly TimeSpan DelayWindow = TimeSpan.FromSeconds(1.5);

    /// <summary>How long idle links settle: after their handshakes they measure the path, and those that routes name are quick for a minute.</summary>
    public static readonly TimeSpan IdleSettling = TimeSpan.FromSeconds(75);

    /// <summary>How long they are then watched.</summary>
    public static readonly TimeSpan IdleWindow = TimeSpan.FromSeconds(20);

    public const int IdleLinks = 50;

    /// <summary>Bytes of a packet: the baseline's number and tag have to fit in, and a segment cannot have more.</summary>
    public const int LeastSize = 32;

    public const int MostSize = 1_200;

    /// <summary>A source that keeps to a rate looks at the clock so often.</summary>
    public static readonly Contracts.Duration Tick = Contracts.Duration.FromMicroseconds(50);

    /// <summary>A daemon that starts is asked so often whether it stands.</summary>
    public static readonly TimeSpan ReadyTick = TimeSpan.FromMilliseconds(50);

    /// <summary>For any answer of a program that was started.</summary>
    public static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(20);
}
