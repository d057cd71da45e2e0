using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>One UDP listener of this edge and the sessions of the programs that use it.</summary>
internal sealed class DatagramEntryPort(DatagramTunnel tunnel, IDatagramLocal local, int number)
{
    public DatagramTunnel Tunnel { get; } = tunnel;

    public IDatagramLocal Local { get; } = local;

    /// <summary>No other listener of this life has it.</summary>
    public int Number { get; } = number;

    /// <summary>Until then it was told that the exit is no member; programs may send thousands of datagrams meanwhile.</summary>
    public MonoTime UnreachableUntil { get; set; }

    public Dictionary<NetAddress, LinkedListNode<EntrySession>> Sessions { get; } = [];
}
