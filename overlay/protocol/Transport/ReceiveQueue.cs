using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>The flows with messages for the application: classes by <see cref="Turns"/>, in a class the flows in turn.</summary>
internal sealed class ReceiveQueue
{
    private readonly InboundFlow?[] _head = new InboundFlow?[4];
    private readonly InboundFlow?[] _tail = new InboundFlow?[4];
    private Turns _turns;

    public void Wake(InboundFlow flow)
    {
        if (flow.IsReceiveQueued)
            return;
        flow.IsReceiveQueued = true;
        flow.NextReceive = null;
        var c = (int)flow.Class;
        if (_tail[c] is { } tail)
            tail.NextReceive = flow;
        else
            _head[c] = flow;
        _tail[c] = flow;
    }

    /// <summary>The flow whose turn it is; the caller puts it back when it has more.</summary>
    public bool TryPop(out InboundFlow flow)
    {
        var waiting = 0u;
        for (var c = 0; c < 4; c++)
            waiting |= _head[c] is null ? 0 : 1u << c;
        if (waiting == 0)
        {
            flow = null!;
            return false;
        }

        var picked = _turns.Pick(waiting);
        _turns.Served(picked, waiting);
        flow = _head[picked]!;
        _head[picked] = flow.NextReceive;
        if (flow.NextReceive is null)
            _tail[picked] = null;
        flow.NextReceive = null;
        flow.IsReceiveQueued = false;
        return true;
    }
}
