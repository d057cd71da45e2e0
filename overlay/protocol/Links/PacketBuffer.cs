using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// One path packet in memory. Owned by exactly one place at a time: whoever
/// rented it, then the lane it was enqueued to, until the lane gives it back to the pool, or to the path when its link
/// has died.
/// </summary>
internal sealed class PacketBuffer(byte[] bytes)
{
    /// <summary>The lines of the processor's cache that this object lies in, its bytes apart.</summary>
    public const int Lines = 2;

    public byte[] Bytes { get; } = bytes;

    /// <summary>How many bytes there is room for, known without a look at them.</summary>
    public int Capacity { get; } = bytes.Length;

    public int Length { get; set; }

    public ServiceClass Class { get; set; }

    public byte Priority { get; set; }

    /// <summary>On this node's clock; <see cref="MonoTime.Never"/> where the class has none.</summary>
    public MonoTime Deadline { get; set; }

    /// <summary>Hops that the packet still has to take beyond this link, for which a deadline must leave time; 0 where that is not known.</summary>
    public byte HopsAfter { get; set; }

    /// <summary>The peer that a multicast packet came from, which no copy of it goes back to; none for any other.</summary>
    public NodeId From { get; set; }

    public MonoTime EnqueuedAt { get; set; }

    /// <summary>Since when this node has waited to send it, its transport's queue included; <see cref="MonoTime.Never"/> until a lane has it, if nobody knows better.</summary>
    public MonoTime HeldSince { get; set; }

    /// <summary>It starts here, and a copy of it went another way: where its link dies, nothing is to be done for it.</summary>
    public bool HasTwin { get; set; }

    /// <summary>The number in its class on its link, once it was first sent.</summary>
    public ulong Symbol { get; set; }

    /// <summary>The newest packet that carried it: the loss of an older one means nothing.</summary>
    public ulong LastPacket { get; set; }

    /// <summary>Has been sent at least once on this link.</summary>
    public bool WasSent { get; set; }

    /// <summary>Which piece of a longer packet this is, or <see cref="Wire.DataFrame.Whole"/>.</summary>
    public sbyte Piece { get; set; }

    /// <summary>Stands in the lane's window: sent and not yet acknowledged or given up.</summary>
    public bool IsOutstanding { get; set; }

    /// <summary>Stands in the lane's list of what is to be sent again.</summary>
    public bool IsAwaitingResend { get; set; }

    /// <summary>Is lost, and its repair is planned: it is not sent again plainly.</summary>
    public bool IsUnderRepair { get; set; }

    /// <summary>Chains buffers in whatever list holds this one.</summary>
    public PacketBuffer? Next { get; set; }

    public Span<byte> Packet => Bytes.AsSpan(0, Length);

    /// <summary>Forgets what one link has done with it: it is whole, and as good as new to another.</summary>
    public void LeaveLink()
    {
        HeldSince = MonoTime.Never;
        Symbol = 0;
        LastPacket = 0;
        WasSent = false;
        Piece = Wire.DataFrame.Whole;
        IsOutstanding = false;
        IsAwaitingResend = false;
        IsUnderRepair = false;
    }
}
