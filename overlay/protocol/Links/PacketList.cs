namespace WeCan.Protocol.Links;

/// <summary>A first-in first-out chain of buffers through their own <see cref="PacketBuffer.Next"/>: two references, no heap.</summary>
internal struct PacketList
{
    private PacketBuffer? _head;
    private PacketBuffer? _tail;

    public readonly bool IsEmpty => _head is null;

    public readonly PacketBuffer? First => _head;

    public void Add(PacketBuffer packet)
    {
        packet.Next = null;
        if (_tail is null)
            _head = packet;
        else
            _tail.Next = packet;
        _tail = packet;
    }

    public void AddFirst(PacketBuffer packet)
    {
        packet.Next = _head;
        _head = packet;
        _tail ??= packet;
    }

    public PacketBuffer? Take()
    {
        var packet = _head;
        if (packet is null)
            return null;
        _head = packet.Next;
        if (_head is null)
            _tail = null;
        packet.Next = null;
        return packet;
    }
}
