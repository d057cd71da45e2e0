using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>What a swarm is held to, and how long each part of a run takes. The bounds of what is drawn stand with the planner.</summary>
public static class SwarmLimits
{
    /// <summary>After healing, everything that was accepted is confirmed within this time: a peer that was gone for long is called every 5 s, by both ends at times.</summary>
    public static readonly Duration Recovery = Duration.FromSeconds(22);

    /// <summary>Then every flow shows within this time that the overlay works.</summary>
    public static readonly Duration Proof = Duration.FromSeconds(4);

    /// <summary>Then nobody says anything, and what the overlay does by itself is measured: after a pause in which links that carried data fall idle, and those that had died prove themselves, for up to a minute.</summary>
    public static readonly Duration Quieting = Duration.FromSeconds(65);

    public static readonly Duration Idle = Duration.FromSeconds(3);

    /// <summary>Realtime messages of the proof whose deadline leaves this much beyond the way's delay and what clocks err must arrive, but for one in ten.</summary>
    public static readonly Duration ProofSlack = Duration.FromMilliseconds(80);

    /// <summary>A link may have seen no round trip yet for so long that did not wait in a full queue.</summary>
    public static readonly Duration YoungLink = Duration.FromSeconds(2);

    /// <summary>The longest wait in one queue that a plan draws. Half of it there and half of it back is what a clock may err more while a link is young.</summary>
    public static readonly Duration LongestQueue = Duration.FromMilliseconds(400);

    /// <summary>Two nodes that seal have new keys so long after the first packet that one of them, restarted meanwhile, could not open.</summary>
    public static readonly Duration NewSeal = Duration.FromSeconds(1);

    /// <summary>Datagrams that an idle link sends each way in the time that is measured: a sign of life, an answer, and some of either for size or path.</summary>
    public const int IdleDatagrams = 6;

    /// <summary>Those beside them where the link's keys changed in that time: each end shows the new ones, and that it has them.</summary>
    public const int NewKeysDatagrams = 2;

    /// <summary>
    /// Datagrams that a link without data sends in a second, each way, while it is fast: a sign of life every 50 ms (the
    /// design, section 4), an acknowledgement each second, and questions where jitter makes one late.
    /// </summary>
    public const int FastDatagramsPerSecond = 26;

    /// <summary>Bytes of one of them: a sealed datagram with a few small frames, and IP and UDP around it.</summary>
    public const int LifeDatagramBytes = 100;

    /// <summary>What a link sends for its life alone in the storm, each way: where much is lost, questions and answers.</summary>
    public const int StormLifeBytesPerSecond = 4_000;

    /// <summary>What a healed network may carry for each byte that an application sends, on each hop.</summary>
    public const double CalmByteFactor = 2.0;

    /// <summary>And for each message on each hop: headers, acknowledgements and confirmations, some of them for the message alone.</summary>
    public const int CalmBytesPerMessage = 900;

    /// <summary>
    /// What may go onto links for each byte that they had to carry in the whole of a run, its storm included: seven of ten
    /// packets arrive on the worst hop, the transport repairs what hops could not, and acknowledgements cost as well.
    /// </summary>
    public const double StormByteFactor = 5.0;

    /// <summary>Headers and tags of all layers around one small message in one datagram.</summary>
    public const int BytesAroundMessage = 120;

    /// <summary>
    /// Half a link's smallest round trip is how wrong its clock offset may be by asymmetry (the design, section 5). Both
    /// clocks drift apart while a smallest difference is remembered: two windows of 10 s at 400 ppm between the two.
    /// </summary>
    public static readonly Duration DriftAllowance = Duration.FromMilliseconds(8);

    /// <summary>Rounding to microseconds and back at each hop.</summary>
    public static readonly Duration RoundingAllowance = Duration.FromMicroseconds(20);

    /// <summary>Links of one node for each member that it knows: the one in use and one pending.</summary>
    public const int LinksPerPeer = 2;

    /// <summary>Links of an edge for each time that a client of it comes: the one in use, one before it that is not yet known to be dead, and one pending.</summary>
    public const int LinksPerVisit = 3;

    /// <summary>A destination remembers a Realtime flow for longer than this after its last packet.</summary>
    public static readonly Duration RealtimeMemory = Duration.FromSeconds(8);

    /// <summary>Events of one host without virtual time moving.</summary>
    public const int MaxStepsPerInstant = 5_000;

    /// <summary>Events of a whole run.</summary>
    public const long MaxSteps = 3_000_000;
}
