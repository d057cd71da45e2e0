using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>A segment that came before its turn.</summary>
internal struct AheadSegment
{
    public int Place;
    public MessagePart Part;
    public ushort Length;
    public bool IsHeld;
}
