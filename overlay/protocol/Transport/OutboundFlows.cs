using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The flows that this node opened: by handle for the application, by destination and number for the packets that come
/// back, with the end notices in the flows' stead. All together are bounded by the options.
/// </summary>
internal sealed class OutboundFlows(TransportShared shared)
{
    private readonly Dictionary<ulong, TransmitItem> _byNumber = [];
    private readonly Stack<int> _free = new();
    private OutboundFlow?[] _flows = new OutboundFlow?[16];
    private uint[] _generations = new uint[16];
    private int _places;
    private int _notices;

    /// <summary>Flows that the application holds, and ended ones that are still being told about.</summary>
    public int Count => _places - _free.Count + _notices;

    public bool IsFull => Count >= shared.Options.MaxOutboundFlows;

    public FlowHandle Reserve()
    {
        if (!_free.TryPop(out var place))
        {
            place = _places++;
            if (place == _flows.Length)
            {
                Array.Resize(ref _flows, place * 2);
                Array.Resize(ref _generations, place * 2);
            }

            _generations[place] = 1;
        }

        return new FlowHandle(place, _generations[place]);
    }

    public void Add(OutboundFlow flow)
    {
        _flows[flow.Handle.Index] = flow;
        flow.Peer.Outbound.Add(flow);
    }

    public bool TryFind(FlowHandle handle, out OutboundFlow flow)
    {
        flow = null!;
        if ((uint)handle.Index >= (uint)_places || _generations[handle.Index] != handle.Generation || _flows[handle.Index] is not { } found)
            return false;
        flow = found;
        return true;
    }

    /// <summary>
    /// Takes a message of a Realtime flow that is worth something until then, and no longer than the flow's own deadline says. Only
    /// where no reports are made of its packets, which take all deadlines of a flow for the same: to many edges, or over one hop.
    /// </summary>
    public SendResult SendUntil(MonoTime now, FlowHandle handle, ReadOnlySpan<byte> message, MonoTime deadline)
    {
        if (!TryFind(handle, out var flow))
            return SendResult.Closed;
        if (flow is not RealtimeOrigin origin || flow is RealtimeSender { IsOneHop: false })
            throw new ArgumentException("Messages have deadlines of their own in Realtime flows to many edges or over one hop; in others the flow has one.", nameof(handle));
        return origin.SendUntil(now, message, deadline, out _);
    }

    public TransmitItem? Find(NodeId destination, uint number) => _byNumber.GetValueOrDefault(KeyOf(destination, number));

    public void OnNumbered(OutboundFlow flow) => _byNumber.Add(KeyOf(flow.Peer.Id, flow.Number), flow);

    public void OnEnded(MonoTime now, OutboundFlow flow, FlowEndReason reason)
    {
        flow.Peer.Outbound.Remove(flow);
        flow.Peer.LeaveLane(flow.Lane);
        if (!flow.HasNumber)
            return;
        _byNumber.Remove(KeyOf(flow.Peer.Id, flow.Number));
        if (flow.TryGetEndNotice(reason, out var reset))
            Notify(flow.Peer, reset);
    }

    /// <summary>Tells a destination that a flow is over, until it answers or the repeats are spent.</summary>
    public void Notify(Peer peer, in ResetPacket reset)
    {
        StopNotice(peer, reset.Flow);
        var notice = new EndNotice(shared, this, peer, reset, peer.Rtt.Timeout);
        _byNumber.Add(KeyOf(peer.Id, reset.Flow), notice);
        _notices++;
        shared.Scheduler.Wake(notice);
    }

    public void StopNotice(Peer peer, uint number)
    {
        if (Find(peer.Id, number) is EndNotice notice)
            notice.Stop();
    }

    public void Forget(EndNotice notice)
    {
        if (_byNumber.Remove(KeyOf(notice.Peer.Id, notice.Number)))
            _notices--;
    }

    /// <summary>The application has been told of the flow's end: its handle is used again under another generation.</summary>
    public bool TryFree(OutboundFlow flow)
    {
        var place = flow.Handle.Index;
        if (_flows[place] != flow)
            return false;
        _flows[place] = null;
        flow.Peer.UntoldEnds--;
        _generations[place] = Math.Max(1, _generations[place] + 1);
        _free.Push(place);
        return true;
    }

    private static ulong KeyOf(NodeId destination, uint number) => ((ulong)destination.Value << 32) | number;
}
