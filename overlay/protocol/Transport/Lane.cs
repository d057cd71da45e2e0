using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>The flows of one class that share a route, and so a first hop: they take turns, and stop together when it has no room.</summary>
internal sealed class Lane(NodeId destination, int routeToken, ServiceClass serviceClass)
{
    private TransmitItem? _head;
    private TransmitItem? _tail;

    public NodeId Destination { get; } = destination;

    public int RouteToken { get; } = routeToken;

    public ServiceClass Class { get; } = serviceClass;

    /// <summary>How many flows belong to the lane.</summary>
    public int Users { get; set; }

    internal Lane? NextLane { get; set; }

    /// <summary>Whether the scheduler holds the lane, waiting or parked.</summary>
    internal bool IsScheduled { get; set; }

    public bool IsEmpty => _head is null;

    public void Push(TransmitItem item)
    {
        item.IsInLane = true;
        item.NextInLane = null;
        if (_tail is null)
            _head = item;
        else
            _tail.NextInLane = item;
        _tail = item;
    }

    public TransmitItem Pop()
    {
        var item = _head!;
        _head = item.NextInLane;
        if (_head is null)
            _tail = null;
        item.NextInLane = null;
        item.IsInLane = false;
        return item;
    }
}
