using System.Numerics;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>The set of tokens for which there is a route to a node. A token is the route's rank: 0 is the primary.</summary>
internal struct RouteTokens
{
    private uint _set;

    public readonly int Count => BitOperations.PopCount(_set);

    public static void Check(int token)
    {
        if (token is < 0 or >= WireLimits.MaxRoutes)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"Route tokens go from 0 to {WireLimits.MaxRoutes - 1}.");
    }

    public void Set(int token, bool exists) => _set = exists ? _set | (1u << token) : _set & ~(1u << token);

    public readonly bool Contains(int token) => token >= 0 && ((_set >> token) & 1) != 0;

    /// <summary>The first by rank, as a set; where no route is known, the token 0 stands for the destination as a peer.</summary>
    public readonly uint First(int count)
    {
        var first = 0u;
        for (var rest = _set; rest != 0 && count > 0; rest &= rest - 1, count--)
            first |= rest & (~rest + 1);
        return Math.Max(first, 1);
    }

    /// <summary>The next one by rank after a token, going round; <see cref="TransportTransmit.NoRoute"/> when there is none at all.</summary>
    public readonly int After(int token)
    {
        for (var i = 1; i <= WireLimits.MaxRoutes; i++)
        {
            var next = (token + i) & (WireLimits.MaxRoutes - 1);
            if (Contains(next))
                return next;
        }

        return TransportTransmit.NoRoute;
    }
}
