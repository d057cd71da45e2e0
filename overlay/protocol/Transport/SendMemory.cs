namespace WeCan.Protocol.Transport;

/// <summary>
/// The node's memory for what is sent, and the flows that found it full. They are all woken together once a quarter is
/// free, so that none waits for one that has lost interest.
/// </summary>
internal sealed class SendMemory(long limit)
{
    private readonly Queue<OutboundFlow> _blocked = new();

    public long Used { get; private set; }

    public bool HasRoomFor(int segments) => Used + ((long)segments * SegmentPool.PlaceBytes) <= limit;

    /// <summary>
    /// How many segments a flow may hold: what any may, or four times what it has on the way where that is more (half of
    /// it is left when the flow may go on), up to half of what is free, so that one fast flow leaves room for others.
    /// </summary>
    public int BoundFor(int unconfirmed)
    {
        var free = (limit - Used) / SegmentPool.PlaceBytes;
        var most = Math.Min(Math.Min(4L * unconfirmed, TransportLimits.MaxSendQueueSegments), free / 2);
        return (int)Math.Max(TransportLimits.SendQueueSegments, most);
    }

    public void Take(int segments) => Used += (long)segments * SegmentPool.PlaceBytes;

    public void Give(int segments)
    {
        Used -= (long)segments * SegmentPool.PlaceBytes;
        if (_blocked.Count > 0 && Used <= limit - (limit / 4))
            WakeBlocked();
    }

    /// <summary>The flow is told to try again when memory, or what else it waits for, is there.</summary>
    public void Block(OutboundFlow flow)
    {
        if (flow.IsBlocked)
            return;
        flow.IsBlocked = true;
        _blocked.Enqueue(flow);
    }

    public void WakeBlocked()
    {
        while (_blocked.TryDequeue(out var flow))
        {
            flow.IsBlocked = false;
            flow.RaiseWritable();
        }
    }
}
