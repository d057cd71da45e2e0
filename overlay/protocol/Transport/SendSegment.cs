using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>A segment that its origin keeps: where its bytes are, what they mean, and what became of the last try.</summary>
internal struct SendSegment
{
    public int Place;
    public MessagePart Part;
    public ushort Length;
    public SendSegmentState State;
    public byte Transmissions;
    public MonoTime SentAt;
}
