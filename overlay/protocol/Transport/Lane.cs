using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The flows of one class and priority that share a route, and so a first hop and, with those of other priorities, a
/// window: they take turns, and stop together when the hop has no room. When the window is full, those that need it wait apart, in their order, and the rest goes on.
/// </summary>
internal sealed class Lane(NodeId destination, int routeToken, ServiceClass serviceClass, byte priority, PathWindow window)
{
    private ItemList _ready;
    private ItemList _waiting;

    public NodeId Destination { get; } = destination;

    public int RouteToken { get; } = routeToken;

    public ServiceClass Class { get; } = serviceClass;

    public byte Priority { get; } = priority;

    /// <summary>What bounds the segments on the way; only Signal's and Bulk's items ask.</summary>
    public PathWindow Window { get; } = window;

    /// <summary>How many flows belong to the lane.</summary>
    public int Users { get; set; }

    /// <summary>Where the destination requires sealing, what does it: without a session nobody's turn comes.</summary>
    public SealingItem? Sealing { get; set; }

    internal Lane? NextLane { get; set; }

    /// <summary>Whether the scheduler holds the lane, waiting or parked.</summary>
    internal bool IsScheduled { get; set; }

    /// <summary>Parked until its first hop says that it has room.</summary>
    internal bool IsParked { get; set; }

    private bool TakesWaiting => !_waiting.IsEmpty && Window.HasRoom;

    /// <summary>Whether nobody's turn can come now.</summary>
    public bool IsEmpty => _ready.IsEmpty && (_waiting.IsEmpty || !Window.HasRoom);

    public void Push(TransmitItem item)
    {
        item.IsInLane = true;
        _ready.Push(item);
    }

    /// <summary>Those at the head leave that have nothing to send any more, as nothing must be done for their sake.</summary>
    public void DropIdle()
    {
        while (!IsEmpty && !(TakesWaiting ? _waiting : _ready).First.WantsToSend)
            Pop();
    }

    /// <summary>The next in turn; those that waited for the window come first once it has room.</summary>
    public TransmitItem Pop()
    {
        var item = TakesWaiting ? _waiting.Pop() : _ready.Pop();
        item.IsInLane = false;
        item.IsWaiting = false;
        return item;
    }

    /// <summary>The item, which was popped, needs the window, and that is full.</summary>
    public void Wait(TransmitItem item)
    {
        item.IsInLane = true;
        item.IsWaiting = true;
        _waiting.Push(item);
    }

    /// <summary>The item need not wait any more: what it has to send goes whatever the window is.</summary>
    public void EndWait(TransmitItem item)
    {
        item.IsWaiting = false;
        _waiting.Remove(item);
        _ready.Push(item);
    }
}
