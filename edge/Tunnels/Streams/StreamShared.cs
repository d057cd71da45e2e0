using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>What all connections of a node have in common: where they are found, what they may hold, and what they count.</summary>
internal sealed class StreamShared(TunnelCounters counters, int maxConnections = TunnelLimits.MaxConnections, long windowMemory = TunnelLimits.WindowMemory)
{
    private readonly Dictionary<FlowHandle, StreamConnection> _byHandle = [];
    private readonly Dictionary<FlowId, StreamConnection> _byInbound = [];

    public TunnelCounters Counters { get; } = counters;

    public WindowBudget Windows { get; } = new(windowMemory);

    /// <summary>A message being made; nobody keeps it over a call.</summary>
    public byte[] Scratch { get; } = new byte[1 + TunnelLimits.MaxData];

    /// <summary>Called once, when the last connection has closed.</summary>
    public Action? Emptied { get; set; }

    /// <summary>Connections, those that only have a last word to say included.</summary>
    public int Count => _byHandle.Count;

    public IEnumerable<StreamConnection> All => _byHandle.Values;

    /// <summary>Room for one more, which then holds a first window.</summary>
    public bool TryAdmit() => Count < maxConnections && Windows.TryTakeFirst();

    public void Add(StreamConnection connection)
    {
        _byHandle.Add(connection.Outbound, connection);
        Counters.ConnectionsOpen = Count;
    }

    public void Bind(FlowId inbound, StreamConnection connection) => _byInbound[inbound] = connection;

    public void Unbind(FlowId inbound) => _byInbound.Remove(inbound);

    public void Remove(StreamConnection connection)
    {
        _byHandle.Remove(connection.Outbound);
        Counters.ConnectionsOpen = Count;
        if (Count > 0 || Emptied is not { } emptied)
            return;
        Emptied = null;
        emptied();
    }

    public bool TryFind(FlowHandle outbound, out StreamConnection connection) => _byHandle.TryGetValue(outbound, out connection!);

    public bool TryFind(FlowId inbound, out StreamConnection connection) => _byInbound.TryGetValue(inbound, out connection!);
}
