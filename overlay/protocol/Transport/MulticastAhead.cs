using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>A multicast flow's segment that came before its turn.</summary>
internal struct MulticastAhead
{
    public ulong Sequence;

    /// <summary>Where <i>next</i> must stand for it: its own number, or the prior of the message that it begins.</summary>
    public ulong Turn;

    public int Place;
    public MessagePart Part;
    public ushort Length;
}
