using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>A UDP socket of this machine, or a simulated one. It is called on the loop's thread and never waits.</summary>
internal interface IDatagramLocal
{
    /// <summary>Sends a datagram; false when it was dropped.</summary>
    bool TrySend(NetAddress to, ReadOnlySpan<byte> payload);

    void Close();
}
