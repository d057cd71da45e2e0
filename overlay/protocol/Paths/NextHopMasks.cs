using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The edges of one set by the first hop of this node's best way to each, as a mask for each hop, so that a packet is split by
/// a few operations on whole bit strings and not edge by edge. Made of the tables, and made anew when they have changed; it knows
/// nothing of which links live.
/// </summary>
internal sealed class NextHopMasks
{
    private readonly List<NodeId> _hops = [];
    private readonly List<byte[]> _masks = [];
    private readonly List<byte> _hopsAfter = [];
    private long _version = -1;

    public int Count => _hops.Count;

    public NodeId Hop(int index) => _hops[index];

    public ReadOnlySpan<byte> Mask(int index) => _masks[index];

    /// <summary>The most hops that come after this one, to any of its edges.</summary>
    public byte HopsAfter(int index) => _hopsAfter[index];

    /// <summary>Brings the masks up to date with the tables.</summary>
    public void Update(byte set, EdgeTable edges, RouteTable routes)
    {
        // Both numbers only grow, so their sum tells whether either has.
        var version = edges.Version + routes.Version;
        if (version == _version)
            return;
        _version = version;
        _hops.Clear();
        _masks.Clear();
        _hopsAfter.Clear();
        for (var bit = 0; bit < 8 * MulticastHeader.MaxBits; bit++)
        {
            var walk = routes.WaysTo(edges[set, bit], ServiceClass.Signal, TransportTransmit.NoRoute);
            if (!edges[set, bit].IsNone && walk.TryNext(out var way))
                Add(bit, way);
        }
    }

    private void Add(int bit, ReadOnlySpan<NodeId> way)
    {
        var index = _hops.IndexOf(way[1]);
        if (index < 0)
        {
            index = _hops.Count;
            _hops.Add(way[1]);
            _masks.Add(new byte[MulticastHeader.MaxBits]);
            _hopsAfter.Add(0);
        }

        EdgeBits.Put(_masks[index], bit);
        _hopsAfter[index] = Math.Max(_hopsAfter[index], (byte)(way.Length - 2));
    }
}
