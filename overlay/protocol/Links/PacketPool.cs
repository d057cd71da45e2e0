using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// All packet memory of one node: buffers of two sizes, kept for reuse, and a bound on how much is out at a time. One
/// node's loop is its only user. Refusing to rent is how the node's byte limit is enforced.
/// </summary>
internal sealed class PacketPool(long limitBytes)
{
    /// <summary>Small packets (confirmations, chat lines) do not take a full buffer.</summary>
    public const int SmallCapacity = 256;

    public const int FullCapacity = WireLimits.MaxPathPacket;

    private PacketStack _small = new();
    private PacketStack _full = new();

    /// <summary>Bytes of the buffers that are rented now.</summary>
    public long RentedBytes { get; private set; }

    public long LimitBytes => limitBytes;

    public long FreeBytes => limitBytes - RentedBytes;

    /// <summary>Whether a packet of any length would find a buffer.</summary>
    public bool HasRoom => RentedBytes + FullCapacity <= limitBytes;

    /// <summary>At most half is out: enough for what can be done without, such as copies of packets for repair.</summary>
    public bool HasPlenty => RentedBytes <= limitBytes / 2;

    /// <summary>The size of the buffer that a packet of so many bytes gets.</summary>
    public static int CapacityFor(int length) => length <= SmallCapacity ? SmallCapacity : FullCapacity;

    /// <summary>A buffer for a packet of so many bytes; null when the node's limit is reached.</summary>
    public PacketBuffer? TryRent(int length)
    {
        var capacity = CapacityFor(length);
        var small = capacity == SmallCapacity;
        if (RentedBytes + capacity > limitBytes || length > FullCapacity)
            return null;
        RentedBytes += capacity;
        var packet = (small ? _small.Pop() : _full.Pop()) ?? new PacketBuffer(GC.AllocateUninitializedArray<byte>(capacity));
        packet.Length = length;
        packet.Class = ServiceClass.Control;
        packet.Priority = 0;
        packet.Deadline = MonoTime.Never;
        packet.HopsAfter = 0;
        packet.HasTwin = false;
        packet.From = NodeId.None;
        packet.EnqueuedAt = MonoTime.Zero;
        packet.LeaveLink();
        return packet;
    }

    public void Return(PacketBuffer packet)
    {
        RentedBytes -= packet.Capacity;
        if (packet.Capacity == SmallCapacity)
            _small.Push(packet);
        else
            _full.Push(packet);
    }
}
