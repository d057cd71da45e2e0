using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime.Routing;

namespace WeCan.Simulation.World;

/// <summary>
/// A node as a daemon runs it, but for sockets and disk: its routes come from a session and go to the node by the runtime's own parts,
/// its links are measured once a second and handed to the session. It talks with every other node and counts what it hears, and may have a program of
/// its own that sends and takes.
/// </summary>
internal sealed class RoutedHost : ISimHost, IDisposable
{
    private readonly RouteBook _book;
    private readonly LinkReporter _reporter = new();
    private readonly Dictionary<NodeId, FlowHandle> _flows = [];
    private MonoTime _measureAt;

    public RoutedHost(Node node, NetworkId network, UnixTime wall, MonoTime now)
    {
        Node = node;
        Members = new(network, wall);
        _book = new(node.Options.Id, NullLogger.Instance, new());
        _measureAt = now + Duration.FromSeconds(1);
    }

    public Node Node { get; }

    public RouteReplica Routes { get; } = new();

    public MembershipReplica Members { get; }

    public NodeSession? Session { get; set; }

    /// <summary>What sends here, if anything does.</summary>
    internal FailoverSource? Source { get; set; }

    /// <summary>What takes messages here; without it they are counted only.</summary>
    internal FailoverSink? Sink { get; set; }

    public int Heard { get; private set; }

    public MonoTime NextTimeout => MonoTime.Min(MonoTime.Min(Node.NextTimeout, _measureAt), Source?.NextTimeout ?? MonoTime.Never);

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => Node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        Node.HandleTimeout(now);
        Source?.HandleTimeout(Node, now);
        if (now < _measureAt)
            return;
        _measureAt = now + Duration.FromSeconds(1);
        _book.SayUses(Node, now);
        Session?.SetReports(now, _reporter.Measure(Node, now));
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        if (Node.TryPollTransmit(now, buffer, out to, out length))
            return true;
        while (Node.TryReceive(now, out var message))
        {
            Heard++;
            Sink?.Take(now, message);
        }

        while (Node.TryPollTransportEvent(out _))
        {
        }

        while (Node.TryPollEvent(out _))
        {
        }

        return Node.TryPollTransmit(now, buffer, out to, out length);
    }

    /// <summary>Brings what the session has changed to the node, as the daemon's loop does, and says that it is kept.</summary>
    public void Follow(MonoTime now)
    {
        while (Routes.TryTakeChange(out var key, out var routes))
            _book.Apply(Node, routes, key);
        _book.SayUses(Node, now);
        Session?.Stored(Routes.Version);
    }

    /// <summary>Sends a message of class Signal to another node, on the one flow that goes there.</summary>
    public bool Say(MonoTime now, NodeId destination)
    {
        if (!_flows.TryGetValue(destination, out var flow))
        {
            if (Node.OpenStream(destination, ServiceClass.Signal, 0, out flow) != OpenResult.Opened)
                return false;
            _flows.Add(destination, flow);
        }

        return Node.Send(now, flow, "is anybody there"u8, out _) == SendResult.Accepted;
    }

    public void Dispose() => Node.Dispose();
}
