using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The flows that other nodes opened to this one. A number that was decided once, by opening, refusing or ending its
/// flow, never opens a flow again in the same life of the origin, so late packets of a flow that is over find a closed
/// door and not a second delivery. Realtime alone decides nothing when it opens or falls silent, only when its origin is
/// removed: what comes after a silence has no copies left that could come again. A Realtime flow to many, whose origin
/// would not hear of the closed door, finds it closed until then.
/// </summary>
internal sealed class InboundFlows(TransportShared shared)
{
    private readonly Dictionary<FlowId, InboundFlow> _flows = [];

    public int Count => _flows.Count;

    public bool TryFind(FlowId id, out InboundFlow flow) => _flows.TryGetValue(id, out flow!);

    public void HandleStream(
        MonoTime now, Peer origin, ServiceClass serviceClass, bool marked, in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        var id = new FlowId(origin.Id, header.OriginEpoch, header.Flow);
        var known = _flows.GetValueOrDefault(id) as StreamReceiver;
        if (known is { IsEnded: true })
            known = null;
        if (!header.IsOpen && (known is null || header.DestinationEpoch != shared.Self))
        {
            // The origin holds on to another life of this node. What an old opening packet may have made here is a ghost.
            known?.End(now, FlowEndReason.Restarted);
            shared.Counters.Drop(TransportDrop.UnknownFlow);
            origin.Answer(now, ResetFor(id, ResetReason.Unknown));
            return;
        }

        known ??= TryOpen(now, origin, id, serviceClass);
        if (known is null)
            return;
        if (known.Class != serviceClass)
            shared.Counters.Drop(TransportDrop.WrongClass);
        else
            known.HandleSegment(now, header, payload, marked);
    }

    public void HandleRealtime(
        MonoTime now, Peer origin, MonoTime deadline, bool marked, bool strained, in RealtimeHeader header, ReadOnlySpan<byte> payload)
    {
        var id = new FlowId(origin.Id, header.OriginEpoch, header.Flow);
        if (!_flows.TryGetValue(id, out var known))
        {
            if (!MayOpenRealtime(now, origin, id, deadline))
                return;
            known = new RealtimeReceiver(this, shared, origin, id, now);
            Add(origin, known);
        }

        if (known is RealtimeReceiver { IsEnded: false } flow)
            flow.HandlePacket(now, header, deadline, marked, strained, payload);
        else
            shared.Counters.Drop(TransportDrop.FlowEnded);
    }

    /// <summary>The origin says that a flow is over. The answer, that it is not known here, ends its telling.</summary>
    public void HandleEnd(MonoTime now, Peer origin, in ResetPacket reset)
    {
        if (reset.DestinationEpoch != BootEpoch.None && reset.DestinationEpoch > shared.Self)
        {
            shared.Counters.Drop(TransportDrop.Contradiction);
            return;
        }

        var id = new FlowId(origin.Id, reset.OriginEpoch, reset.Flow);
        var isMulticast = reset.Flow >= MulticastSegmentHeader.NumberBase;
        if (isMulticast && reset.DestinationEpoch != BootEpoch.None && reset.DestinationEpoch != shared.Self)
        {
            // It was an earlier life's destination; this one may be a destination too.
            origin.Answer(now, ResetFor(id, ResetReason.Unknown));
            return;
        }

        if (_flows.TryGetValue(id, out var known))
        {
            if (known is not (StreamReceiver or MulticastReceiver))
                return;
            known.End(now, FlowEndReason.Closed);
        }

        if (isMulticast)
            origin.MulticastNumbers.Decide(reset.Flow - MulticastSegmentHeader.NumberBase);
        else
            origin.Numbers.Decide(reset.Flow);
        origin.Answer(now, ResetFor(id, ResetReason.Unknown));
    }

    public void OnEnded(InboundFlow flow) => flow.Peer.Inbound.Remove(flow);

    /// <summary>The application was told of the flow's end.</summary>
    public bool TryFree(InboundFlow flow)
    {
        if (!_flows.TryGetValue(flow.Id, out var known) || known != flow)
            return false;
        _flows.Remove(flow.Id);
        flow.Peer.InboundCount--;
        return true;
    }

    public ResetPacket ResetFor(FlowId id, ResetReason reason) => new()
    {
        OriginEpoch = id.Epoch,
        Flow = id.Number,
        DestinationEpoch = shared.Self,
        Reason = reason,
    };

    /// <summary>A flow to many is refused in silence, as all of its destinations would answer at once.</summary>
    private bool MayOpenRealtime(MonoTime now, Peer origin, FlowId id, MonoTime deadline)
    {
        var isToMany = id.Number >= MulticastSegmentHeader.NumberBase;
        if (isToMany ? now < origin.BarredUntil : origin.Numbers.IsDecided(id.Number))
        {
            shared.Counters.Drop(TransportDrop.FlowEnded);
            if (!isToMany)
                origin.Answer(now, ResetFor(id, ResetReason.Unknown));
            return false;
        }

        if (deadline < now)
        {
            shared.Counters.Drop(TransportDrop.Late);
            return false;
        }

        if (HasRoomFor(origin))
            return true;
        if (isToMany)
            shared.Counters.Drop(TransportDrop.TooManyFlows);
        else
            Refuse(now, origin, id);
        return false;
    }

    private StreamReceiver? TryOpen(MonoTime now, Peer origin, FlowId id, ServiceClass serviceClass)
    {
        if (origin.Numbers.IsDecided(id.Number) || _flows.ContainsKey(id))
        {
            shared.Counters.Drop(TransportDrop.UnknownFlow);
            origin.Answer(now, ResetFor(id, ResetReason.Unknown));
            return null;
        }

        // Decided even when refused: were a later copy of the packet to open the flow after all, the origin, which by
        // then has given the flow up, would not know what became of it.
        origin.Numbers.Decide(id.Number);
        if (!HasRoomFor(origin))
        {
            Refuse(now, origin, id);
            return null;
        }

        var flow = new StreamReceiver(this, shared, origin, id, serviceClass, now);
        Add(origin, flow);
        return flow;
    }

    internal bool HasRoomFor(Peer origin) =>
        _flows.Count < shared.Options.MaxInboundFlows && origin.InboundCount < shared.Options.MaxInboundFlowsPerOrigin;

    internal void Refuse(MonoTime now, Peer origin, FlowId id)
    {
        shared.Counters.Drop(TransportDrop.TooManyFlows);
        origin.Answer(now, ResetFor(id, ResetReason.NoRoom));
    }

    internal void Add(Peer origin, InboundFlow flow)
    {
        _flows.Add(flow.Id, flow);
        origin.Inbound.Add(flow);
        origin.InboundCount++;
    }
}
