using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>What one link may hold and how long it waits: this implementation's tuning, not the specification's.</summary>
internal static class LinkLimits
{
    /// <summary>Packets waiting in one class of one link; beyond it the stalest of the lowest priority goes.</summary>
    public const int MaxQueuedPackets = 2_048;

    /// <summary>Bytes waiting in one class above which packets are marked.</summary>
    public const int MarkQueuedBytes = 256 * 1_024;

    /// <summary>Packets sent and not yet acknowledged or given up.</summary>
    public const int MaxTrackedPackets = 8_192;

    /// <summary>Packets after which an acknowledgement goes at once.</summary>
    public const int AckEvery = 16;

    /// <summary>A missing number among so many newest ones makes every packet be acknowledged at once.</summary>
    public const int AckAtOnceSpan = 4;

    /// <summary>Acknowledged ranges beyond which an acknowledgement asks for one itself, so that the oldest can be forgotten.</summary>
    public const int AckRangesBeforePing = 8;

    /// <summary>A packet is lost when one sent so many later was acknowledged, on a path not known to reorder.</summary>
    public const int ReorderThreshold = 3;

    /// <summary>What a path that reorders can raise the threshold to; beyond it only time tells.</summary>
    public const int MaxReorderThreshold = 256;

    /// <summary>How long a path is remembered to reorder.</summary>
    public static readonly Duration ReorderMemory = Duration.FromSeconds(30);

    /// <summary>Halves of cut packets waiting for the other.</summary>
    public const int MaxHalves = 1_024;

    /// <summary>A silent link with nothing to say sends a PING so often.</summary>
    public static readonly Duration KeepAlive = Duration.FromSeconds(10);

    /// <summary>How long an acknowledgement may wait for company.</summary>
    public static readonly Duration AckDelay = Duration.FromMilliseconds(5);

    /// <summary>The finest step of loss detection.</summary>
    public static readonly Duration Granularity = Duration.FromMilliseconds(1);

    /// <summary>Before a first measurement.</summary>
    public static readonly Duration InitialRtt = Duration.FromMilliseconds(200);

    public static readonly Duration MaxProbeTimeout = Duration.FromSeconds(1);

    /// <summary>A link that waits for an acknowledgement and hears nothing so long, and for several probe timeouts, is dead.</summary>
    public static readonly Duration DeadAfter = Duration.FromSeconds(3);

    /// <summary>A longer pause between packets says nothing about how near each other they are in traffic.</summary>
    public static readonly Duration LongestPacketGap = Duration.FromMilliseconds(50);

    /// <summary>A TIME frame goes at most so often.</summary>
    public static readonly Duration TimeFrameEvery = Duration.FromMilliseconds(20);

    /// <summary>An offset measured so long ago has drifted away.</summary>
    public static readonly Duration OffsetWindow = Duration.FromSeconds(10);

    /// <summary>Keys are changed at this age; the initiator starts.</summary>
    public static readonly Duration RekeyAfter = Duration.FromSeconds(100);

    /// <summary>Keys are changed after so many packets.</summary>
    public const ulong RekeyAfterPackets = 1UL << 31;

    /// <summary>Keys are not used beyond this age or number of packets: the link dies rather.</summary>
    public static readonly Duration RefuseKeysAfter = Duration.FromSeconds(240);

    public const ulong RefuseKeysAfterPackets = 1UL << 32;

    public static readonly Duration RekeyRetry = Duration.FromMilliseconds(250);

    /// <summary>Old receive keys stay at least this long.</summary>
    public static readonly Duration MinKeyRetention = Duration.FromSeconds(1);

    /// <summary>After a failed probe for the full datagram size, or after full datagrams vanished, the next try.</summary>
    public static readonly Duration MtuRetry = Duration.FromSeconds(60);

    /// <summary>How often a probe for the full size is sent before it counts as failed.</summary>
    public const int MtuProbes = 4;

    /// <summary>Full-size packets lost in a row, with none arriving, that make a black hole.</summary>
    public const int BlackHoleLosses = 64;

    /// <summary>A link without traffic for so long, beyond the time after which a waiting peer is dead, gives its buffers back.</summary>
    public static readonly Duration TrimAfter = Duration.FromSeconds(2);
}
