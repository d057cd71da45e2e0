using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>The set of tokens for which there is a route to a node, and which way each is. A token is the route's rank: 0 is the primary.</summary>
internal struct RouteTokens
{
    private uint _set;
    private Ways _ways;

    public readonly int Count => BitOperations.PopCount(_set);

    public static void Check(int token)
    {
        if (token is < 0 or >= WireLimits.MaxRoutes)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"Route tokens go from 0 to {WireLimits.MaxRoutes - 1}.");
    }

    /// <summary>Tells one way from another.</summary>
    public static ulong Sign(ReadOnlySpan<NodeId> way)
    {
        var sign = 14_695_981_039_346_656_037ul;
        foreach (var node in way)
            sign = (sign ^ node.Value) * 1_099_511_628_211ul;
        return sign;
    }

    public void Set(int token, bool exists, ulong way)
    {
        _set = exists ? _set | (1u << token) : _set & ~(1u << token);
        _ways[token] = exists ? way : 0;
    }

    /// <summary>What tells the way of a token from others; 0 where there is none.</summary>
    public readonly ulong WayOf(int token) => _ways[token];

    /// <summary>The token that a way has now; <see cref="TransportTransmit.NoRoute"/> when it has none.</summary>
    public readonly int Find(ulong way)
    {
        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            if (Contains(token) && _ways[token] == way)
                return token;
        }

        return TransportTransmit.NoRoute;
    }

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

    [InlineArray(WireLimits.MaxRoutes)]
    private struct Ways
    {
        private ulong _first;
    }
}
