using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Brings what came of others' multicast flows to its receiver, and opens one for a flow that is new here. The receivers
/// stand in the same table as all inbound flows, under numbers of their own. What opens nothing is answered, but
/// seldom if it came by multicast: all of its destinations answer at once, and to whomever its sender has named as origin. One
/// answer shows a new life, and an origin that hears nothing asks each by itself.
/// </summary>
internal sealed class InboundMulticasts(TransportShared shared, InboundFlows table)
{
    public void HandleSegment(
        MonoTime now, Peer origin, ServiceClass serviceClass, bool marked, in MulticastSegmentHeader header, ReadOnlySpan<byte> payload)
    {
        var id = new FlowId(origin.Id, header.OriginEpoch, header.Flow + MulticastSegmentHeader.NumberBase);
        var known = table.TryFind(id, out var found) && !found.IsEnded ? found as MulticastReceiver : null;
        var isForOtherLife = header.IsDirect && header.DestinationEpoch != BootEpoch.None && header.DestinationEpoch != shared.Self;
        if (isForOtherLife || (known is null && !header.MayOpen))
        {
            // The origin holds on to another life of this node. What an old opening packet may have made here is a ghost.
            if (isForOtherLife)
                known?.End(now, FlowEndReason.Restarted);
            shared.Counters.Drop(TransportDrop.UnknownFlow);

            // What comes before the first segment that opens the flow is repaired, and proves nothing.
            if (isForOtherLife || header.Part.Begins)
                Answer(now, origin, id, header.IsDirect);
            return;
        }

        known ??= TryOpen(now, origin, id, header, serviceClass);
        if (known is null)
            return;
        if (known.Class != serviceClass)
            shared.Counters.Drop(TransportDrop.WrongClass);
        else
            known.HandleSegment(now, header, payload, marked);
    }

    private MulticastReceiver? TryOpen(MonoTime now, Peer origin, FlowId id, in MulticastSegmentHeader header, ServiceClass serviceClass)
    {
        if (origin.MulticastNumbers.IsDecided(header.Flow) || table.TryFind(id, out _))
        {
            shared.Counters.Drop(TransportDrop.UnknownFlow);
            Answer(now, origin, id, header.IsDirect);
            return null;
        }

        if (!header.IsDirect && !table.HasRoomFor(origin))
        {
            shared.Counters.Drop(TransportDrop.TooManyFlows);
            return null;
        }

        // Decided even when refused, as for a stream.
        origin.MulticastNumbers.Decide(header.Flow);
        if (!table.HasRoomFor(origin))
        {
            table.Refuse(now, origin, id);
            return null;
        }

        var flow = new MulticastReceiver(table, shared, origin, id, serviceClass, now);
        table.Add(origin, flow);
        return flow;
    }

    private void Answer(MonoTime now, Peer origin, FlowId id, bool isDirect)
    {
        if (isDirect || origin.MayAnswerMulticast(now))
            origin.Answer(now, table.ResetFor(id, ResetReason.Unknown));
        else
            shared.Counters.Drop(TransportDrop.AnswerBudget);
    }
}
