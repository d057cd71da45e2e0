using WeCan.Contracts;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Simulation;

namespace WeCan.Edge.Tests.Tunnels.Simulated;

/// <summary>An edge with tunnels in the simulator: a real node and the real state machines, with programs and targets that a test makes.</summary>
internal sealed class SimEdge : ISimHost, IStreamDialler, IDatagramDialler, IDisposable
{
    public const ushort Refusing = 9;
    public const ushort Silent = 10;
    public const ushort Forbidden = 11;

    private readonly Queue<(StreamConnection Connection, TunnelTarget Target)> _dials = new();

    public SimEdge(SimHostContext context, P256KeyPair own, NodeId self, P256PublicKey peerKey, NodeId peer, NetAddress peerAddress, TransportOptions? transport = null)
    {
        Peer = peer;
        Node = new Node(new NodeOptions { Id = self, Epoch = context.Epoch, Key = own, Transport = transport ?? TransportOptions.Default }, DeterministicRandom.FromNumber(context.Seed));
        Core = new TunnelCore(context.Epoch, this, this);
        Node.TryAddPeer(context.Now, peer, peerKey, peerAddress);
        Node.TrySetRoute([self, peer]);
        Entrance = new DatagramEntryPort(new(() => peer, "10.1.1.1:7", 3, Duration.FromMilliseconds(200), 1), Programs, number: 1);
    }

    public NodeId Peer { get; }

    public Node Node { get; }

    public TunnelCore Core { get; }

    /// <summary>Every program and target that this life had.</summary>
    public List<SimStream> Streams { get; } = [];

    /// <summary>Makes the target that a connection with this number of its port reaches.</summary>
    public Func<ushort, SimStream> MakeTarget { get; set; } = port => new SimStream(0, 1_000 + port) { PeerKey = port };

    public SimDatagrams Programs { get; } = new();

    public SimDatagrams Targets { get; } = new();

    public List<ExitSession> Sessions { get; } = [];

    public DatagramEntryPort Entrance { get; }

    public MonoTime NextTimeout => MonoTime.Min(Node.NextTimeout, Core.NextTimeout);

    public SimStream Open(MonoTime now, ushort port, SimStream program, ServiceClass serviceClass = ServiceClass.Bulk)
    {
        program.Connection = Core.Entry.Open(Node, now, new StreamTunnel(() => Peer, $"10.0.0.1:{port}", serviceClass, 2), program);
        Streams.Add(program);
        return program;
    }

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => Node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (Node.NextTimeout <= now)
            Node.HandleTimeout(now);
        if (Core.NextTimeout <= now)
            Core.HandleTimeout(Node, now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        do
        {
            if (Node.TryPollTransmit(now, buffer, out to, out length))
                return true;
        }
        while (Drain(now));
        return false;
    }

    public bool TryDial(Node node, MonoTime now, StreamConnection connection, NodeId from, TunnelTarget target)
    {
        _dials.Enqueue((connection, target));
        return true;
    }

    public bool TryFind(Node node, MonoTime now, ExitSession session, NodeId from, TunnelTarget target)
    {
        if (target.Port == Forbidden)
        {
            Core.DatagramExit.HandleRefused(Node, now, session, target.ToString(), RefusalReason.Policy);
            return true;
        }

        Sessions.Add(session);
        if (target.Port != Silent)
            Core.DatagramExit.HandleFound(Node, now, session, NetAddress.FromIPv4(0x0A010101, target.Port), new SimDatagrams { Sent = Targets.Sent });
        return true;
    }

    public void Dispose() => Node.Dispose();

    private bool Drain(MonoTime now)
    {
        var any = false;
        while (Node.TryReceive(now, out var message))
        {
            Core.TryHandleMessage(Node, now, message);
            any = true;
        }

        while (Node.TryPollTransportEvent(out var happened))
        {
            Core.HandleEvent(Node, now, happened);
            any = true;
        }

        while (Node.TryPollEvent(out _))
        {
        }

        while (_dials.TryDequeue(out var dial))
        {
            Answer(now, dial.Connection, dial.Target);
            any = true;
        }

        foreach (var stream in Streams)
            any |= stream.Pump(Node, now);
        return any;
    }

    private void Answer(MonoTime now, StreamConnection connection, TunnelTarget target)
    {
        if (target.Port == Silent)
            return;
        if (target.Port is Refusing or Forbidden)
        {
            Core.Exit.HandleRefused(Node, now, connection, target.ToString(), target.Port == Refusing ? RefusalReason.Refused : RefusalReason.Policy);
            return;
        }

        var stream = MakeTarget(target.Port);
        stream.Connection = connection;
        Streams.Add(stream);
        Core.Exit.HandleConnected(Node, now, connection, stream);
    }
}
