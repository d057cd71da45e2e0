namespace WeCan.Protocol.Links;

/// <summary>
/// Buffers that wait for their next packet, the newest first. It looks at none of them, and asks for the memory of the next ones while the
/// one before is being filled. Grows by doubling, as its pool makes buffers.
/// </summary>
internal struct PacketStack()
{
    private const int FirstCapacity = 64;

    /// <summary>Of a buffer's bytes so many lines are asked for: the rest comes in the order of reading.</summary>
    private const int ByteLines = 6;

    private PacketBuffer[] _packets = new PacketBuffer[FirstCapacity];
    private int _count;

    public void Push(PacketBuffer packet)
    {
        if (_count == _packets.Length)
            Array.Resize(ref _packets, _count * 2);
        _packets[_count++] = packet;
    }

    /// <summary>Null when there is none.</summary>
    public PacketBuffer? Pop()
    {
        if (_count == 0)
            return null;
        var packet = _packets[--_count];

        // Of the next one this has asked the time before, so it can be looked at; the one after it is not.
        if (_count > 1)
            CacheLines.Fetch(_packets[_count - 2], PacketBuffer.Lines);
        if (_count > 0)
            CacheLines.Fetch(_packets[_count - 1].Bytes, ByteLines);
        return packet;
    }
}
