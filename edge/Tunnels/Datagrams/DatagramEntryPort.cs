using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>One UDP listener of this edge and the sessions of the programs that use it.</summary>
internal sealed class DatagramEntryPort(DatagramTunnel tunnel, IDatagramLocal local, int number)
{
    public DatagramTunnel Tunnel { get; } = tunnel;

    public IDatagramLocal Local { get; } = local;

    /// <summary>No other listener of this life has it.</summary>
    public int Number { get; } = number;

    public Dictionary<NetAddress, LinkedListNode<EntrySession>> Sessions { get; } = [];
}
