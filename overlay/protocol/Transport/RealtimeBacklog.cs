using System.Numerics;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The Realtime flows that have something queued, by priority, those first that have had it longest. When the node's send
/// memory is full, the lowest priority gives way, and in it the flow that comes first loses its stalest message.
/// </summary>
internal sealed class RealtimeBacklog
{
    private readonly ItemList[] _flows = new ItemList[8];
    private uint _priorities;

    public void Add(RealtimeOrigin flow)
    {
        _flows[flow.Priority].Push(flow);
        _priorities |= 1u << flow.Priority;
    }

    public void Remove(RealtimeOrigin flow)
    {
        ref var flows = ref _flows[flow.Priority];
        flows.Remove(flow);
        if (flows.IsEmpty)
            _priorities &= ~(1u << flow.Priority);
    }

    /// <summary>Makes some room for a message of this priority; false when all that is queued is worth more.</summary>
    public bool TryGiveWay(byte priority)
    {
        var lowest = BitOperations.TrailingZeroCount(_priorities);
        if (lowest > priority)
            return false;
        var flow = (RealtimeOrigin)_flows[lowest].Pop();
        _flows[lowest].Push(flow);
        flow.GiveWay(lowest < priority ? TransportDrop.GaveWay : TransportDrop.SendQueueFull);
        return true;
    }
}
