using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>A segment that one destination misses, and when to send it (again) by unicast.</summary>
internal struct MulticastHole
{
    public ulong Sequence;
    public MonoTime DueAt;
    public byte Repairs;
}
