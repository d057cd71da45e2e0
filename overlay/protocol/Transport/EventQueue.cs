namespace WeCan.Protocol.Transport;

/// <summary>The flows with something to tell, each in the line once: as long as there are flows, and never longer.</summary>
internal sealed class EventQueue
{
    private Flow? _head;
    private Flow? _tail;

    public void Raise(Flow flow)
    {
        if (flow.IsEventQueued)
            return;
        flow.IsEventQueued = true;
        flow.NextEvent = null;
        if (_tail is null)
            _head = flow;
        else
            _tail.NextEvent = flow;
        _tail = flow;
    }

    public bool TryPoll(out TransportEvent happened)
    {
        while (_head is not null)
        {
            if (_head.TryTakeEvent(out happened))
                return true;
            var done = _head;
            _head = done.NextEvent;
            if (_head is null)
                _tail = null;
            done.NextEvent = null;
            done.IsEventQueued = false;
        }

        happened = default;
        return false;
    }
}
