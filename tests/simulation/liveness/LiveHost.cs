using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Simulation.Tests.Liveness;

/// <summary>A node whose links are watched: it takes what comes, and notes when links came and went, on its own clock.</summary>
internal sealed class LiveHost(Node node) : ISimHost, IDisposable
{
    public Node Node { get; } = node;

    public MonoTime Now { get; private set; }

    /// <summary>How often a link came up, and when each went down, for every peer together.</summary>
    public int Ups { get; private set; }

    public List<MonoTime> Downs { get; } = [];

    public long Datagrams { get; private set; }

    /// <summary>With IP and UDP around them.</summary>
    public long Bytes { get; private set; }

    public int Received { get; private set; }

    public MonoTime NextTimeout => Node.NextTimeout;

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        Now = now;
        Node.HandleDatagram(now, from, datagram);
    }

    public void HandleTimeout(MonoTime now)
    {
        Now = now;
        Node.HandleTimeout(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        if (Node.TryPollTransmit(now, buffer, out to, out length))
        {
            Datagrams++;
            Bytes += length + WireLimits.IPv4Overhead;
            return true;
        }

        while (Node.TryReceive(now, out _))
            Received++;
        while (Node.TryPollTransportEvent(out _))
        {
        }

        while (Node.TryPollEvent(out var happened))
        {
            if (happened.Kind == NodeEventKind.LinkUp)
                Ups++;
            else if (happened.Kind == NodeEventKind.LinkDown)
                Downs.Add(now);
        }

        return Node.TryPollTransmit(now, buffer, out to, out length);
    }

    public void Dispose() => Node.Dispose();
}
