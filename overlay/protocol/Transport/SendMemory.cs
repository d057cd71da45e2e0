namespace WeCan.Protocol.Transport;

/// <summary>
/// The node's memory for what is sent, and the flows that found it full. They are all woken together once a quarter is
/// free, so that none waits for one that has lost interest. Where each destination has a share of what is free, a flow whose
/// share is spent waits for its own destination alone, and one that found less free than its message takes waits for that much.
/// </summary>
internal sealed class SendMemory(long limit, FairShare share = default)
{
    private readonly Queue<OutboundFlow> _blocked = new();
    private long _wantedPlaces = long.MaxValue;

    public long Used { get; private set; }

    private long FreePlaces => (limit - Used) / SegmentPool.PlaceBytes;

    public bool HasRoomFor(int segments) => Used + ((long)segments * SegmentPool.PlaceBytes) <= limit;

    /// <summary>Room for a message to one destination. Whoever holds nothing yet may take any that fits at all.</summary>
    public bool HasRoomFor(Peer destination, int segments) =>
        HasRoomFor(segments) && (destination.SendPlaces == 0 || share.Allows(FreePlaces, limit / SegmentPool.PlaceBytes, destination.SendPlaces, segments));

    /// <summary>
    /// How many segments a flow may hold: what any may, or four times what it has on the way where that is more (half of
    /// it is left when the flow may go on), up to half of what is free, so that one fast flow leaves room for others.
    /// </summary>
    public int BoundFor(int unconfirmed)
    {
        var most = Math.Min(Math.Min(4L * unconfirmed, TransportLimits.MaxSendQueueSegments), FreePlaces / 2);
        return (int)Math.Max(TransportLimits.SendQueueSegments, most);
    }

    public void Take(int segments) => Used += (long)segments * SegmentPool.PlaceBytes;

    public void Take(Peer destination, int segments)
    {
        Take(segments);
        destination.SendPlaces += segments;
    }

    public void Give(int segments)
    {
        Used -= (long)segments * SegmentPool.PlaceBytes;
        if (_blocked.Count > 0 && (Used <= limit - (limit / 4) || FreePlaces >= _wantedPlaces))
            WakeBlocked();
    }

    public void Give(Peer destination, int segments)
    {
        destination.SendPlaces -= segments;
        Give(segments);
        if (destination.HasBlocked && destination.SendPlaces <= share.Of(FreePlaces, limit / SegmentPool.PlaceBytes) / 2)
            destination.WakeBlocked();
    }

    /// <summary>The flow is told to try again when memory, or what else it waits for, is there.</summary>
    public void Block(OutboundFlow flow)
    {
        if (flow.IsBlocked)
            return;
        flow.IsBlocked = true;
        _blocked.Enqueue(flow);
    }

    /// <summary>The same for a flow to one destination, which wants to send so many segments.</summary>
    public void Block(OutboundFlow flow, int segments)
    {
        if (!share.IsOn)
        {
            Block(flow);
        }
        else if (flow.Peer.SendPlaces > 0)
        {
            flow.Peer.Block(flow);
        }
        else
        {
            Block(flow);
            _wantedPlaces = Math.Min(_wantedPlaces, segments);
        }
    }

    public void WakeBlocked()
    {
        _wantedPlaces = long.MaxValue;
        while (_blocked.TryDequeue(out var flow))
        {
            flow.IsBlocked = false;
            flow.RaiseWritable();
        }
    }
}
