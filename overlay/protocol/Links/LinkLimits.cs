using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>What one link may hold and how long it waits: this implementation's tuning, not the specification's.</summary>
internal static class LinkLimits
{
    /// <summary>Packets waiting in one class of one link; beyond it the stalest of the lowest priority goes.</summary>
    public const int MaxQueuedPackets = 2_048;

    /// <summary>Packets are marked when what waits in their class takes the link longer than this, at the rate it measured.</summary>
    public static readonly Duration MarkQueuedTime = Duration.FromMilliseconds(15);

    /// <summary>A packet with a deadline may wait so long, whatever share of it is this hop's: pacing makes all wait a little.</summary>
    public static readonly Duration LeastPatience = Duration.FromMilliseconds(5);

    /// <summary>So many bytes in one class are marked on no link: a first hop's own 64 packets, which wait there by intent, are fewer.</summary>
    public const int UnmarkedBytes = 96 * 1_024;

    /// <summary>
    /// Packets sent and not yet acknowledged or given up: 1.6 Gbit/s at a round trip of 200 ms. Beyond it the oldest is given
    /// up. The ring grows to this by doubling, under traffic only.
    /// </summary>
    public const int MaxTrackedPackets = 32_768;

    /// <summary>Copies that a peer may ask for by what it says was lost, in bytes for each byte that arrived: enough where a half is lost.</summary>
    public const long ResendShare = 1;

    /// <summary>Bytes of copies that a link may send before anything has arrived, and that <see cref="ResendTrickle"/> saves up.</summary>
    public const long ResendAllowance = 64 * 1_024;

    /// <summary>Saved up at the most: what a whole window that is lost at once takes.</summary>
    public const long MostResendCredit = ResendShare * WireLimits.SymbolWindow * WireLimits.MaxPathPacket;

    /// <summary>Copies that are always allowed.</summary>
    public static readonly Bandwidth ResendTrickle = new(64_000);

    /// <summary>Acknowledgements in a link's life of what was never sent: with so many the peer lies beyond doubt, and the link is closed.</summary>
    public const int MaxFalseAcks = 16;

    /// <summary>Packets between two numbers that are left out, about: at first, and after a while, each time twice as many.</summary>
    public const int FirstAckTrap = 256;

    public const int LongestAckTrap = 16_384;

    /// <summary>Packets after which an acknowledgement goes at once.</summary>
    public const int AckEvery = 16;

    /// <summary>While an acknowledged packet is handled, the memory of the one so far below is asked for.</summary>
    public const ulong AckLookAhead = 4;

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

    /// <summary>How long an acknowledgement may wait for company.</summary>
    public static readonly Duration AckDelay = Duration.FromMilliseconds(5);

    /// <summary>A packet that the peer says came so long before the largest it acknowledges is no measure of the round trip: it might say anything.</summary>
    public static readonly Duration MaxSampleAge = Duration.FromMilliseconds(25);

    /// <summary>The finest step of loss detection.</summary>
    public static readonly Duration Granularity = Duration.FromMilliseconds(1);

    /// <summary>Before a first measurement.</summary>
    public static readonly Duration InitialRtt = Duration.FromMilliseconds(200);

    public static readonly Duration MaxProbeTimeout = Duration.FromSeconds(1);

    /// <summary>
    /// The patience with a peer that answers no question, whatever chance has to say, beside two answer times; and the
    /// shortest silence that ends a client's link, whose last mile may pause longer than a path between nodes.
    /// </summary>
    public static readonly Duration DeadAfter = Duration.FromSeconds(3);

    /// <summary>A longer pause between packets says nothing about how near each other they are in traffic.</summary>
    public static readonly Duration LongestPacketGap = Duration.FromMilliseconds(50);

    /// <summary>The shortest silence that ends a link between members, and then only if chance does not explain it.</summary>
    public static readonly Duration ShortestSilence = Duration.FromMilliseconds(150);

    /// <summary>A peer that shows life and acknowledges nothing for so long, and for 50 probe timeouts, is given up.</summary>
    public static readonly Duration DeafAfter = Duration.FromSeconds(20);

    /// <summary>The longest pause of a link in use.</summary>
    public static readonly Duration FastInterval = Duration.FromMilliseconds(50);

    /// <summary>What a peer that needs more to judge a silence in time may ask for.</summary>
    public static readonly Duration FastestInterval = Duration.FromMilliseconds(20);

    public static readonly Duration CandidateInterval = Duration.FromSeconds(1);

    public static readonly Duration IdleInterval = Duration.FromSeconds(10);

    /// <summary>How long a link stays in use after its last data.</summary>
    public static readonly Duration FastAfterData = Duration.FromSeconds(5);

    /// <summary>A link that routes lead over, but no data has taken for so long, is a candidate until some does.</summary>
    public static readonly Duration FastWithoutData = Duration.FromSeconds(60);

    /// <summary>A link without data for so long is quiet: it shows life together with the node's others. Data that comes a few times a second does so itself.</summary>
    public static readonly Duration QuietAfter = Duration.FromMilliseconds(250);

    /// <summary>Links of one node in use at a time; the next one has to be worth more than one of them, or is a candidate.</summary>
    public const int MaxFastLinks = 12;

    /// <summary>Links of one node shown life each second; the next one is idle.</summary>
    public const int MaxCandidateLinks = 24;

    /// <summary>What all fast links of a node together may show beyond the ordinary, in fast links; the next one gets the ordinary interval.</summary>
    public const double MaxQuickened = 2;

    /// <summary>A link that found no room among the fast ones asks again so soon.</summary>
    public static readonly Duration FastRetry = Duration.FromSeconds(1);

    /// <summary>Datagrams that announce a longer interval before it is kept.</summary>
    public const int AnnouncedSlowdowns = 8;

    /// <summary>Questions to a silent peer go so far apart.</summary>
    public static readonly Duration ProbeGap = Duration.FromMilliseconds(10);

    /// <summary>Of a link that is not in use, the first questions wait for their answers.</summary>
    public const int PoliteProbes = 2;

    /// <summary>Answers go at most so often in the long run, and so many at once; a question beyond is not answered.</summary>
    public static readonly Duration AnswerEvery = Duration.FromMilliseconds(5);

    public const int AnswersAtOnce = 32;

    /// <summary>What a timer and a short queue may delay a promised datagram.</summary>
    public static readonly Duration SilenceSlack = Duration.FromMilliseconds(5);

    /// <summary>The delay beyond a promise that is learnt and waited for, at the most: a peer that is always late is found dead so much later.</summary>
    public static readonly Duration MaxLateness = Duration.FromMilliseconds(300);

    /// <summary>What was learnt of lateness is halved so often.</summary>
    public static readonly Duration LatenessMemory = Duration.FromSeconds(30);

    /// <summary>A node that wakes so much later than it asked for has been paused itself.</summary>
    public static readonly Duration OwnPause = Duration.FromMilliseconds(20);

    /// <summary>A silence of a fast link should be judged by this time, so that its peer is asked for as many datagrams as that takes.</summary>
    public static readonly Duration JudgeWithin = Duration.FromMilliseconds(210);

    /// <summary>A report of life and loss goes along with what is sent anyway so often: without data, and with.</summary>
    public static readonly Duration ReportEvery = Duration.FromMilliseconds(100);

    public static readonly Duration ReportWithDataEvery = Duration.FromMilliseconds(500);

    /// <summary>A link in use measures its round trip so often, if no data does.</summary>
    public static readonly Duration FastPingEvery = Duration.FromSeconds(1);

    /// <summary>A TIME frame goes at most so often.</summary>
    public static readonly Duration TimeFrameEvery = Duration.FromMilliseconds(20);

    /// <summary>
    /// How fast two clocks may drift apart, in µs a second: each runs wrong by up to 100, and is slewed by up to 400 more.
    /// </summary>
    public const long ClockDrift = 1_000;

    /// <summary>Keys are changed at this age; the initiator starts.</summary>
    public static readonly Duration RekeyAfter = Duration.FromSeconds(100);

    /// <summary>Keys are changed after so many packets.</summary>
    public const ulong RekeyAfterPackets = 1UL << 31;

    /// <summary>Keys are not used beyond this age or number of packets: the link dies rather.</summary>
    public static readonly Duration RefuseKeysAfter = Duration.FromSeconds(240);

    public const ulong RefuseKeysAfterPackets = 1UL << 32;

    /// <summary>The offer of new keys goes again after this at the least, and after a probe timeout where that is longer.</summary>
    public static readonly Duration RekeyRetry = Duration.FromMilliseconds(250);

    /// <summary>Old receive keys stay at least this long.</summary>
    public static readonly Duration MinKeyRetention = Duration.FromSeconds(1);

    /// <summary>Probes of one datagram size that must be missing before it counts as too large; more where much is lost.</summary>
    public const int MtuProbes = 4;

    /// <summary>The search for the datagram size ends when it is known so closely.</summary>
    public const int MtuStep = 16;

    /// <summary>A size below the largest is tried to be raised after this time, then after twice as much, up to the last.</summary>
    public static readonly Duration MtuRaiseFirst = Duration.FromSeconds(600);

    public static readonly Duration MtuRaiseLast = Duration.FromSeconds(3_600);

    /// <summary>Long datagrams missing, each with a short one after it that came, that make a black hole; more where much is lost.</summary>
    public const int BlackHolePairs = 4;

    /// <summary>A link without traffic for so long, beyond the time after which a waiting peer is dead, gives its buffers back.</summary>
    public static readonly Duration TrimAfter = Duration.FromSeconds(2);

    /// <summary>Signs of life make it rent some of them again: they go back at most so often.</summary>
    public static readonly Duration TrimEvery = Duration.FromMilliseconds(200);
}
