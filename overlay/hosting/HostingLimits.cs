namespace WeCan.Hosting;

/// <summary>Every bound of this folder. What an operator may set has its default with the option itself.</summary>
internal static class HostingLimits
{
    /// <summary>The largest configuration file that is read; a larger one is refused, as it is surely something else.</summary>
    public const int ConfigFileBytes = 1 << 20;

    /// <summary>Problems of a configuration that are told at once; the rest are counted.</summary>
    public const int ProblemsTold = 20;

    /// <summary>Entries of a list in the configuration.</summary>
    public const int ConfigListItems = 10_000;

    /// <summary>A secret in a file of its own is no larger.</summary>
    public const int SecretFileBytes = 64 << 10;

    /// <summary>What sd_notify takes in a status; what is longer is cut.</summary>
    public const int StatusCharacters = 1_000;

    /// <summary>Log lines that wait for a slow standard error; what comes when they are full is counted and dropped.</summary>
    public const int LogQueueLines = 8_192;

    /// <summary>One log line is cut at this, so that journald does not split it.</summary>
    public const int LogLineCharacters = 16 << 10;

    /// <summary>Lines of one kind that are written in one <see cref="RepeatWindow"/>; more are counted.</summary>
    public const int RepeatsAllowed = 10;

    /// <summary>Kinds of lines that are counted apart; beyond that, new kinds share one count.</summary>
    public const int RepeatKinds = 1_024;

    /// <summary>Series of one instrument; measurements of further ones are counted and dropped.</summary>
    public const int SeriesPerInstrument = 4_096;

    /// <summary>Scrapers at a time.</summary>
    public const int MetricsConnections = 32;

    /// <summary>Who asks a daemon on its socket at a time.</summary>
    public const int LocalConnections = 256;

    /// <summary>The body of a question on that socket.</summary>
    public const int LocalRequestBytes = 64 << 10;

    /// <summary>The head of a request.</summary>
    public const int HttpHeadBytes = 8 << 10;

    /// <summary>Fields in such a head.</summary>
    public const int HttpFields = 64;

    /// <summary>Connections that the system holds for a server until it takes them.</summary>
    public const int HttpBacklog = 64;

    /// <summary>Connections beyond a server's bound that are told so at a time; more are cut off.</summary>
    public const int HttpRefusals = 8;

    /// <summary>What is still taken from who was refused, so that he hears why.</summary>
    public const int HttpFarewellBytes = 1 << 20;

    /// <summary>A managed heap that is collected whole in a few milliseconds.</summary>
    public const long SmallHeapBytes = 16 << 20;

    /// <summary>The longest path that a Unix socket has.</summary>
    public const int SocketPathBytes = 107;

    /// <summary>A certificate, key or request in PEM is no larger.</summary>
    public const int PemFileBytes = 256 << 10;

    /// <summary>How long lines of one kind are counted before the count starts anew.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(5);

    /// <summary>How long a daemon that ends waits until what it logged is written.</summary>
    public static readonly TimeSpan LogFlush = TimeSpan.FromSeconds(2);

    /// <summary>How long a daemon may take to let go of its work after SIGTERM.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    /// <summary>How long what is left may take to stop after the drain.</summary>
    public static readonly TimeSpan StopAfterDrain = TimeSpan.FromSeconds(3);

    /// <summary>A daemon gives back what only its start needed when it has stood for so long: its sessions have begun then, and what they run is compiled.</summary>
    public static readonly TimeSpan StartOver = TimeSpan.FromSeconds(20);

    /// <summary>A loop that has not turned for so long hangs: it gives no sign of life to systemd, and /healthz says so.</summary>
    public static readonly TimeSpan LoopSilence = TimeSpan.FromSeconds(5);

    /// <summary>A connection without a request is kept for so long: longer than the pauses of who scrapes.</summary>
    public static readonly TimeSpan HttpIdleTime = TimeSpan.FromMinutes(2);

    /// <summary>From the first byte of a request's head to its last.</summary>
    public static readonly TimeSpan HttpHeadTime = TimeSpan.FromSeconds(10);

    /// <summary>The body of a request comes within this time.</summary>
    public static readonly TimeSpan HttpBodyTime = TimeSpan.FromSeconds(10);

    /// <summary>A question is answered within this time, or refused.</summary>
    public static readonly TimeSpan HttpAnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>Who asked takes each part of the answer within this time.</summary>
    public static readonly TimeSpan HttpSendTime = TimeSpan.FromSeconds(10);

    /// <summary>How long who was refused may still send.</summary>
    public static readonly TimeSpan HttpFarewellTime = TimeSpan.FromSeconds(2);

    /// <summary>A server that cannot take a connection tries again after this.</summary>
    public static readonly TimeSpan HttpAcceptPause = TimeSpan.FromMilliseconds(100);

    /// <summary>A command waits so long for a daemon's answer.</summary>
    public static readonly TimeSpan LocalAnswerTime = TimeSpan.FromSeconds(10);

    /// <summary>How often the status line of systemd is refreshed.</summary>
    public static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);
}
