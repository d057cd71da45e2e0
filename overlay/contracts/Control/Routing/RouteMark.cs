namespace WeCan.Contracts.Control.Routing;

/// <summary>How the mark of one destination's ways is reckoned, the same at both ends: see <see cref="DestinationRoutes.Mark"/>.</summary>
public static class RouteMark
{
    private const ulong Basis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    public static ulong Begin(RouteKey key) => key.Class == RouteClass.Signal ? AddNode(Basis, key.Destination) : (AddNode(Basis, key.Destination) ^ (byte)key.Class) * Prime;

    public static ulong AddWay(ulong mark, int relays) => (mark ^ (byte)relays) * Prime;

    public static ulong AddNode(ulong mark, NodeId node) => (((mark ^ (byte)(node.Value >> 8)) * Prime) ^ (byte)node.Value) * Prime;
}
