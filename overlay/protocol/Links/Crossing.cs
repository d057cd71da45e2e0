using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>How long the way over a link takes, and so how long a packet with a deadline may wait for its first sending (docs/decisions/0026).</summary>
/// <param name="Shortest">No packet is known to have taken less: half the smallest round trip.</param>
/// <param name="Expected">From sending to arrival, with what jitter may add.</param>
internal readonly record struct Crossing(Duration Shortest, Duration Expected)
{
    /// <summary>Whether a packet could not be there before its deadline, even if it left now.</summary>
    public bool IsTooLate(MonoTime now, PacketBuffer packet) => now + Shortest > packet.Deadline;

    /// <summary>
    /// How long a packet may wait here at the most: this hop's share of what its deadline leaves beside the way. The hops after
    /// this one are taken to be alike, as nothing is known of them.
    /// </summary>
    public Duration PatienceOf(PacketBuffer packet) =>
        Duration.Max((packet.Deadline - packet.HeldSince - Expected) / (packet.HopsAfter + 1), LinkLimits.LeastPatience);
}
