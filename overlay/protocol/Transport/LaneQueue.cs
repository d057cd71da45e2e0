namespace WeCan.Protocol.Transport;

/// <summary>A line of lanes, linked through themselves.</summary>
internal struct LaneQueue
{
    private Lane? _head;
    private Lane? _tail;

    public readonly bool IsEmpty => _head is null;

    public void Push(Lane lane)
    {
        lane.NextLane = null;
        if (_tail is null)
            _head = lane;
        else
            _tail.NextLane = lane;
        _tail = lane;
    }

    public Lane Pop()
    {
        var lane = _head!;
        _head = lane.NextLane;
        if (_head is null)
            _tail = null;
        lane.NextLane = null;
        return lane;
    }

    /// <summary>Puts all of another line behind this one and leaves it empty.</summary>
    public void Take(ref LaneQueue other)
    {
        if (other._head is null)
            return;
        if (_tail is null)
            _head = other._head;
        else
            _tail.NextLane = other._head;
        _tail = other._tail;
        other = default;
    }
}
