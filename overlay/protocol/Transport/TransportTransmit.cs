using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Where a transport packet goes and how: what the path needs to wrap it.</summary>
/// <param name="Destination">The node at the flow's other end; none for a multicast, which goes to <see cref="Targets"/>.</param>
/// <param name="RouteToken">Which of the routes to the destination, 0 the primary; <see cref="NoRoute"/> for what belongs
/// to no flow of this node's (confirmations and resets), which may take any.</param>
/// <param name="Class">The class that the packet travels in.</param>
/// <param name="Priority">0 to 7, 7 the highest.</param>
/// <param name="Deadline">On this node's clock; never for every class but Realtime.</param>
public readonly record struct TransportTransmit(
    NodeId Destination, int RouteToken, ServiceClass Class, byte Priority, MonoTime Deadline)
{
    public const int NoRoute = -1;

    /// <summary>Since when a Realtime message has waited to be sent; never where nobody says.</summary>
    public MonoTime HeldSince { get; init; } = MonoTime.Never;

    /// <summary>The tokens of other routes over which copies of it go, each a bit.</summary>
    public uint Twins { get; init; }

    /// <summary>The edges that a multicast packet goes to, lent until the next call of TryPollTransmit; null for a unicast.</summary>
    public MulticastTargets? Targets { get; init; }
}
