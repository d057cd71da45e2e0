using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>
/// A member that does all that a node does for its one link, shows life, acknowledges and confirms, but for what a test
/// has it say instead. With no lie it is the honest peer that the liars are measured against.
/// </summary>
internal sealed class LyingNode : IDisposable
{
    private static readonly Duration Delay = Duration.FromMilliseconds(10);

    private readonly NodeMesh _mesh;
    private readonly NodeId _victim;
    private readonly Queue<(MonoTime Due, MeshDatagram Datagram)> _coming = new();
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private ReceiveWindow _heard;
    private bool _owesAck;

    public LyingNode(NodeMesh mesh, MeshNode victim, int id)
    {
        (_mesh, _victim, Id) = (mesh, victim.Id, new((ushort)id));
        Member = new LyingMember(mesh, victim, id);
    }

    public NodeId Id { get; }

    public LyingMember Member { get; }

    public TransportLayer Transport { get; } = new(new BootEpoch(1), TransportOptions.Default);

    /// <summary>Why the victim closed the link; None while it stands.</summary>
    public CloseReason Closed { get; private set; }

    /// <summary>Numbers below this one have come, but for those that <see cref="Hears"/> denies.</summary>
    public ulong HeardNext => _heard.Next;

    /// <summary>Whether it admits that a datagram of this number and length came.</summary>
    public Func<ulong, int, bool> Hears { get; set; } = (_, _) => true;

    /// <summary>Writes the acknowledgement instead, or none.</summary>
    public Action<List<byte>>? Acknowledge { get; set; }

    /// <summary>What it makes of a packet of its transport before that goes; null to keep it back.</summary>
    public Func<ServiceClass, byte[], byte[]?> Alter { get; set; } = (_, packet) => packet;

    /// <summary>µs that its TIME is wrong by.</summary>
    public Func<uint> TimeError { get; set; } = () => 0;

    public void OnSent(MeshDatagram datagram) => _coming.Enqueue((datagram.SentAt + Delay, datagram));

    /// <summary>What is due: reads what came, and says what an honest node would.</summary>
    public void Tick(int tick)
    {
        while (_coming.TryPeek(out var next) && next.Due <= _mesh.Now)
            Read(_coming.Dequeue().Datagram);
        if (Closed != CloseReason.None)
            return;
        if (Transport.NextTimeout <= _mesh.Now)
            Transport.HandleTimeout(_mesh.Now);
        var frames = new List<byte>();
        if (tick % 4 == 0)
            Write(frames, Time);
        if (tick % 10 == 0)
            Write(frames, Life);
        if (_owesAck && Acknowledge is not null)
            Acknowledge(frames);
        else if (_owesAck)
            Write(frames, Ack);
        _owesAck = false;
        if (frames.Count > 0)
            Member.Say([.. frames]);
        SayTransport();
        while (Transport.TryReceive(_mesh.Now, out _) || Transport.TryPollEvent(out _))
        {
        }
    }

    /// <summary>A path packet with this route, which the liar claims to stand in at some place of it, and these dead links.</summary>
    public byte[] Packet(ServiceClass serviceClass, ReadOnlySpan<byte> payload, ReadOnlySpan<NodeId> route, ReadOnlySpan<FailedLink> failed = default)
    {
        Span<byte> packet = stackalloc byte[WireLimits.MaxPathPacket];
        var head = PathHeader.Write(packet, serviceClass, 7, hops: 12, route, failed);
        for (var place = 0; route[place] != Id; place++)
            PathHeader.Advance(packet);
        payload.CopyTo(packet[head..]);
        if (serviceClass == ServiceClass.Realtime)
            PathHeader.WriteDeadline(packet, ClockOffset.ToWire(_mesh.Now + Duration.FromSeconds(1)));
        return packet[..(head + payload.Length)].ToArray();
    }

    public void Dispose() => Member.Dispose();

    private void Time(ref WireWriter writer)
    {
        writer.WriteByte(FrameType.Time);
        writer.WriteUInt32(ClockOffset.ToWire(_mesh.Now) + TimeError());
    }

    private void Ack(ref WireWriter writer) => _heard.WriteAck(ref writer, _mesh.Now);

    private static void Life(ref WireWriter writer) =>
        new LifeFrame(false, LinkLimits.FastInterval, LinkLimits.FastInterval, 0, 1).Write(ref writer);

    private delegate void Part(ref WireWriter writer);

    private static void Write(List<byte> frames, Part part)
    {
        var writer = new WireWriter(new byte[1_000]);
        part(ref writer);
        frames.AddRange(writer.Written);
    }

    private void SayTransport()
    {
        var gate = ClassGate.AllOpen;
        while (Transport.TryPollTransmit(_mesh.Now, ref gate, _buffer, out var transmit, out var length))
        {
            if (Alter(transmit.Class, _buffer.AsSpan(0, length).ToArray()) is { } packet)
                Member.SayPackets(transmit.Class, Packet(transmit.Class, packet, [Id, _victim]));
        }
    }

    private void Read(MeshDatagram datagram)
    {
        var frames = Member.Open(datagram);
        if (frames is [FrameType.Close, var reason])
            Closed = (CloseReason)reason;
        var reader = new WireReader(frames);
        if (reader.IsAtEnd || Closed != CloseReason.None)
            return;
        if (!Hears(Member.Opened, datagram.Bytes.Length) || !_heard.IsNew(Member.Opened))
            return;
        _heard.Record(Member.Opened, _mesh.Now);
        while (reader.TryReadByte(out var type) && TryReadFrame(type, ref reader))
        {
        }
    }

    private bool TryReadFrame(byte type, ref WireReader reader)
    {
        _owesAck |= type is FrameType.Ping or FrameType.RekeyOffer or FrameType.RekeyAccept or >= FrameType.FirstData;
        switch (type)
        {
            case FrameType.Ping:
                return true;
            case FrameType.Ack:
                return AckFrame.TryRead(ref reader, Member.Next, out _);
            case FrameType.Time or FrameType.Trial:
                return reader.TryReadUInt32(out _);
            case FrameType.Life:
                return LifeFrame.TryRead(ref reader, out _);
            case FrameType.RekeyOffer or FrameType.RekeyAccept:
                return reader.TryReadBytes(68, out _);
            case >= FrameType.FirstData and <= FrameType.LastData when DataFrame.TryRead(type, ref reader, out var frame):
                Take(frame.Class, frame.Content);
                return true;
            default:
                return false;
        }
    }

    private void Take(ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        var deadline = serviceClass == ServiceClass.Realtime ? _mesh.Now + Duration.FromMilliseconds(100) : MonoTime.Never;
        if (PathHeader.KindOf(packet) == PathHeader.MulticastKind && MulticastHeader.TryRead(packet, serviceClass, out var many))
            Transport.HandleMulticastPacket(_mesh.Now, many.Origin, serviceClass, deadline, many.Marked, many.Payload);
        else if (PathHeader.TryRead(packet, serviceClass, out var one) && one.Destination == Id)
            Transport.HandlePacket(_mesh.Now, one.Origin, serviceClass, deadline, one.Marked, one.Payload);
    }
}
