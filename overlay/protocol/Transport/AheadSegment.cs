namespace WeCan.Protocol.Transport;

/// <summary>A segment that came before its turn.</summary>
internal struct AheadSegment
{
    public int Place;
    public int MessageLength;
    public ushort Length;
    public bool IsHeld;
    public bool Begins;
    public bool Ends;
}
