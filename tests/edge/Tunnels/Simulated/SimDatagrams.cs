using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;

namespace WeCan.Edge.Tests.Tunnels.Simulated;

/// <summary>A UDP socket that keeps what it is given.</summary>
internal sealed class SimDatagrams : IDatagramLocal
{
    public List<(NetAddress To, byte[] Payload)> Sent { get; init; } = [];

    public bool IsClosed { get; private set; }

    public bool TrySend(NetAddress to, ReadOnlySpan<byte> payload)
    {
        Assert.False(IsClosed, "Sent on a closed socket.");
        Sent.Add((to, payload.ToArray()));
        return true;
    }

    public void Close() => IsClosed = true;
}
