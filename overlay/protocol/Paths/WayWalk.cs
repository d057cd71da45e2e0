using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The ways of a node to one destination, best first: the route that a token names, the other routes by rank, straight to
/// it where there is no route, and then the alternates. Routes whose tokens are to be left to others are passed over.
/// </summary>
internal ref struct WayWalk(ReadOnlySpan<NodeId[]?> routes, NodeId[][]? alternates, NodeId[] straight, int token, uint others)
{
    private const int First = -1;
    private const int Straight = WireLimits.MaxRoutes;

    private readonly ReadOnlySpan<NodeId[]?> _routes = routes;
    private int _next = First;
    private bool _hasRoute;

    /// <summary>The next way; false when there is none left.</summary>
    public bool TryNext(out ReadOnlySpan<NodeId> way)
    {
        while (_next < Straight)
        {
            var rank = _next++;
            if (rank == token)
                continue;
            rank = rank == First ? token : rank;
            if (rank < 0 || ((others >> rank) & 1) != 0 || rank >= _routes.Length || _routes[rank] is not { } route)
                continue;
            _hasRoute = true;
            way = route;
            return true;
        }

        if (_next == Straight)
        {
            _next++;
            if (!_hasRoute)
            {
                way = straight;
                return true;
            }
        }

        var alternate = _next++ - Straight - 1;
        if (alternates is null || alternate >= alternates.Length)
        {
            way = default;
            return false;
        }

        way = alternates[alternate];
        return true;
    }
}
