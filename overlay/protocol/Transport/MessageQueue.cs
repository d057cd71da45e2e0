using System.Runtime.CompilerServices;

namespace WeCan.Protocol.Transport;

/// <summary>A flow's messages for the application, in a ring that exists only while there are any and counts as receive memory.</summary>
internal struct MessageQueue
{
    private const int SmallestRing = 4;

    private QueuedMessage[]? _ring;
    private int _head;
    private bool _isReserved;

    public int Count { get; private set; }

    /// <summary>
    /// Makes sure that one more message fits, until it is pushed or the reservation cancelled; false when the memory for
    /// that is not there.
    /// </summary>
    public bool TryReserve(TransportShared shared, Peer peer)
    {
        _isReserved = (_ring is not null && Count < _ring.Length) || TryGrow(shared, peer);
        return _isReserved;
    }

    public void CancelReserve(TransportShared shared, Peer peer)
    {
        _isReserved = false;
        ReleaseIfEmpty(shared, peer);
    }

    public void Push(in QueuedMessage message)
    {
        _isReserved = false;
        _ring![(_head + Count++) & (_ring.Length - 1)] = message;
    }

    public QueuedMessage Pop(TransportShared shared, Peer peer)
    {
        var message = _ring![_head];
        _ring[_head] = default;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        ReleaseIfEmpty(shared, peer);
        return message;
    }

    private bool TryGrow(TransportShared shared, Peer peer)
    {
        var length = _ring is null ? SmallestRing : _ring.Length * 2;
        if (!shared.ReceiveMemory.TryTake(peer, BytesOf(length)))
            return false;
        var grown = shared.MessageBlocks.Rent(length);
        for (var i = 0; i < Count; i++)
            grown[i] = _ring![(_head + i) & (_ring.Length - 1)];
        Release(shared, peer);
        _ring = grown;
        _head = 0;
        return true;
    }

    private void ReleaseIfEmpty(TransportShared shared, Peer peer)
    {
        if (Count == 0 && !_isReserved)
            Release(shared, peer);
    }

    private void Release(TransportShared shared, Peer peer)
    {
        if (_ring is null)
            return;
        shared.ReceiveMemory.Give(peer, BytesOf(_ring.Length));
        shared.MessageBlocks.Return(_ring);
        _ring = null;
        _head = 0;
    }

    private static int BytesOf(int length) => length * Unsafe.SizeOf<QueuedMessage>();
}
