using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>A segment that its origin keeps: where its bytes are, what they mean, and what became of the last try.</summary>
internal struct SendSegment
{
    public int Place;
    public int MessageLength;
    public ushort Length;
    public bool Begins;
    public bool Ends;
    public SendSegmentState State;
    public byte Transmissions;
    public MonoTime SentAt;
}
