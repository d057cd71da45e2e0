using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>A client with a good token that puts on its link whatever a test writes. There is no way between it and the edge: all comes at once.</summary>
internal sealed class LyingClient : IDisposable
{
    private readonly ClientNet _net;
    private readonly Link _link;
    private readonly PacketPool _pool = new(16L << 20);
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly byte[] _opened = new byte[WireLimits.FullDatagram];

    public LyingClient(ClientNet net, int id)
    {
        _net = net;
        Address = NetAddress.FromIPv4(0x0A0F_0000 + (uint)id, 4_000);
        var random = DeterministicRandom.FromNumber(50_000 + (ulong)id);
        using var initiator = new ClientInitiator(
            net.EdgeKey, new(0x100 + (uint)id), (ulong)id, 1, NodeMesh.Tokens.Good((byte)id), net.Now, HandshakeCapabilities.Default, random);
        HandshakeResult? result = null;
        net.Liars[Address] = bytes => result = initiator.TryReadResponse(bytes, out var read) ? read : result;
        initiator.Write(_buffer);
        net.Tell(Address, _buffer.AsSpan(0, initiator.Length));
        Assert.NotNull(result);
        _link = new Link(
            new LinkOptions(result.OwnLink, result.PeerLink, NetAddress.None, IsInitiator: true, Coalesces: true, Duration.FromMilliseconds(1)),
            new LinkKeys(result.Secrets, random, net.Now), _pool, Drops, net.Now);
        net.Liars[Address] = Hear;
        Flush();
    }

    public NetAddress Address { get; }

    public DropCounters Drops { get; } = new();

    /// <summary>It hears nothing, and so acknowledges nothing either.</summary>
    public bool IsDeaf { get; set; }

    public int Heard { get; private set; }

    /// <summary>Sends path packets of one class, all that its link takes.</summary>
    public void Say(ServiceClass serviceClass, params ReadOnlySpan<byte[]> packets)
    {
        foreach (var bytes in packets)
        {
            var packet = _pool.TryRent(bytes.Length)!;
            bytes.CopyTo(packet.Packet);
            packet.Class = serviceClass;
            packet.Deadline = serviceClass == ServiceClass.Realtime ? _net.Now + Duration.FromSeconds(5) : MonoTime.Never;
            _link.Enqueue(_net.Now, packet);
            Flush();
        }
    }

    /// <summary>A segment that opens a flow or goes on with it, and belongs to a message of so many bytes.</summary>
    public static byte[] Segment(uint flow, uint sequence, MessagePart part, int bytes)
    {
        var buffer = new byte[WireLimits.MaxPathPacket];
        ClientPacket.Write(buffer, ServiceClass.Signal, priority: 0, deadline: 0);
        var writer = new WireWriter(buffer.AsSpan(1));
        new StreamHeader { OriginEpoch = new(1), Flow = flow, Sequence = sequence, Part = part }.Write(ref writer);
        writer.WriteBytes(new byte[bytes]);
        return buffer[..(1 + writer.Length)];
    }

    /// <summary>Does what its link's time asks for.</summary>
    public void Live()
    {
        if (_link.IsDead)
            return;
        _link.HandleTimeout(_net.Now);
        Flush();
    }

    public void Dispose() => _link.Dispose();

    private void Hear(byte[] bytes)
    {
        if (IsDeaf || !SealedHeader.TryRead(bytes, out var header) || !_link.TryOpen(_net.Now, NetAddress.None, header, bytes, _opened))
            return;
        while (_link.TryReadDelivery(_net.Now, out _, out _))
            Heard++;
    }

    private void Flush()
    {
        while (_link.TryPollTransmit(_net.Now, _buffer, out var length))
            _net.Tell(Address, _buffer.AsSpan(0, length));
    }
}
