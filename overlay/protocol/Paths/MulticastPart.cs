using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>The edges of one packet that a link leads to: one copy.</summary>
internal sealed class MulticastPart
{
    private readonly byte[] _bits = new byte[MulticastHeader.MaxBits];

    /// <summary>The link; null while the part is not in use.</summary>
    public LinkSlot? Link { get; private set; }

    public Span<byte> Bits => _bits;

    /// <summary>The most hops that come after the link, on this node's own ways to the edges.</summary>
    public byte HopsAfter { get; private set; }

    public void Begin(LinkSlot link)
    {
        Link = link;
        HopsAfter = 0;
        _bits.AsSpan().Clear();
    }

    public void Reach(byte hopsAfter) => HopsAfter = Math.Max(HopsAfter, hopsAfter);

    public void End() => Link = null;
}
