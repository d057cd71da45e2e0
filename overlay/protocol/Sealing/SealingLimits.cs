using WeCan.Contracts;

namespace WeCan.Protocol.Sealing;

/// <summary>What sessions between edges may hold and cost, and how long they last: tuning, but for the bounds of a key's use.</summary>
internal static class SealingLimits
{
    /// <summary>
    /// How far below the highest opened number a packet may lie, in 8 KiB a session that carries something. At 100,000
    /// packets/s that is two thirds of a second: routes differ by less, and so do priorities where queues are short. What
    /// lies further back is lost, and its flow sends it again under a new number.
    /// </summary>
    public const int ReplayWindow = 65_536;

    /// <summary>A session is replaced after so many packets of one direction.</summary>
    public const ulong RekeyAfterPackets = 1UL << 31;

    /// <summary>No key seals more.</summary>
    public const ulong RefuseAfterPackets = 1UL << 32;

    /// <summary>Sessions with one peer that are kept at a time, the old and the not yet proven included.</summary>
    public const int SessionsPerPeer = 4;

    /// <summary>An initiation goes out so often with the same bytes; then a fresh one is made.</summary>
    public const int InitiationRepeats = 5;

    /// <summary>Halves of handshakes that the node computes at once with all peers, and per second from then on.</summary>
    public const int HandshakesPerSecond = 256;

    /// <summary>The same with one peer at once.</summary>
    public const int HandshakesPerPeer = 8;

    /// <summary>The pause after which a peer that has spent its share is granted one more.</summary>
    public static readonly Duration PeerRefill = Duration.FromMilliseconds(500);

    public static readonly Duration NodeRefill = Duration.FromSeconds(1) / HandshakesPerSecond;

    /// <summary>A session in use is replaced at this age by its initiator, and a little later by whoever still uses it.</summary>
    public static readonly Duration RekeyAfter = Duration.FromSeconds(100);

    public static readonly Duration RekeyPatience = Duration.FromSeconds(8);

    /// <summary>No key seals at a greater age.</summary>
    public static readonly Duration RefuseAfter = Duration.FromSeconds(120);

    /// <summary>A session that carried nothing for so long is not replaced; the next packet begins another.</summary>
    public static readonly Duration InUse = Duration.FromSeconds(60);

    /// <summary>How long a session that was replaced, or that refuses to seal, still opens: what its packets may have spent in queues and repairs.</summary>
    public static readonly Duration KeepOld = Duration.FromSeconds(15);

    /// <summary>An answered initiation that never led to a packet is forgotten, and its initiator begins anew.</summary>
    public static readonly Duration KeepPending = Duration.FromSeconds(15);

    /// <summary>How long who has answered waits for the initiator's first packet before it begins by itself what it needs.</summary>
    public static readonly Duration PendingPatience = Duration.FromSeconds(2);

    /// <summary>The first repetition of an initiation; each next one waits half as long again.</summary>
    public static readonly Duration FirstRetry = Duration.FromMilliseconds(250);

    public static readonly Duration MaxRetry = Duration.FromSeconds(5);

    /// <summary>Two packets that something a peer sent asks for lie at least so far apart.</summary>
    public static readonly Duration PromptPause = Duration.FromMilliseconds(100);
}
