using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>A member with the right key that, once it has its link to a node, sends whatever frames the test writes.</summary>
internal sealed class LyingMember : IDisposable
{
    private readonly NodeMesh _mesh;
    private readonly MeshNode _victim;
    private readonly P256KeyPair _key;
    private readonly LinkKeys _keys;
    private readonly LinkId _link;
    private readonly byte[] _datagram = new byte[WireLimits.FullDatagram];
    private ulong _number;
    private uint _symbol;
    private ulong _heardNext;

    /// <summary>Makes itself a member there, and its link.</summary>
    public LyingMember(NodeMesh mesh, MeshNode victim, int id)
    {
        (_mesh, _victim, _key) = (mesh, victim, NodeMesh.KeyOf(id));
        Address = NodeMesh.AddressOf(id);
        Assert.True(victim.Node.TryAddPeer(mesh.Now, new((ushort)id), _key.PublicKey, NetAddress.None));
        var random = DeterministicRandom.FromNumber((ulong)id);
        using var initiator = new NodeInitiator(
            new(_key, new((ushort)id), new(1)), victim.Key.PublicKey, new(0x1000 + (uint)id), 1, mesh.Now, HandshakeCapabilities.Default, random);
        var bytes = new byte[initiator.Length];
        initiator.Write(bytes);
        Assert.True(initiator.TryReadResponse(Assert.Single(mesh.Answers(Address, victim, bytes)), out var result));
        _keys = new LinkKeys(result.Secrets, random, mesh.Now);
        _link = result.PeerLink;
        Say([FrameType.Ping]);
    }

    public NetAddress Address { get; }

    /// <summary>All that it has said, with the headers of UDP and IP.</summary>
    public long SaidBytes { get; private set; }

    /// <summary>The number of its next datagram; the test may jump.</summary>
    public ulong Next { get => _number; set => _number = value; }

    /// <summary>The number of the datagram opened last.</summary>
    public ulong Opened { get; private set; }

    /// <summary>Seals the frames under the next number and hands them to the node, which is then polled dry.</summary>
    public void Say(ReadOnlySpan<byte> frames)
    {
        var length = SealedHeader.MinDatagram + frames.Length;
        SaidBytes += length + WireLimits.IPv4Overhead;
        SealedHeader.Write(_datagram, _keys.SendPhase, _link, _number);
        frames.CopyTo(_datagram.AsSpan(SealedHeader.Length));
        _keys.Seal(_number++, _datagram.AsSpan(0, length));
        _mesh.Inject(Address, _victim, _datagram.AsSpan(0, length));
    }

    /// <summary>Sends a path packet.</summary>
    public void SayPacket(ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        var frames = new byte[DataFrame.MinHeader + packet.Length];
        var writer = new WireWriter(frames);
        DataFrame.Write(ref writer, serviceClass, _symbol++, DataFrame.Whole, withLength: false, packet);
        Say(frames);
    }

    /// <summary>Sends as many small path packets in one datagram as go in.</summary>
    public void SayPackets(ServiceClass serviceClass, params ReadOnlySpan<byte[]> packets)
    {
        var writer = new WireWriter(new byte[WireLimits.BaseDatagram - SealedHeader.MinDatagram]);
        foreach (var packet in packets)
        {
            if (writer.Room < packet.Length + DataFrame.MinHeader + DataFrame.LengthField)
                break;
            DataFrame.Write(ref writer, serviceClass, _symbol++, DataFrame.Whole, withLength: true, packet);
        }

        Say(writer.Written);
    }

    /// <summary>The frames in a datagram that the node sent to this member; none in any other.</summary>
    public ReadOnlySpan<byte> Open(MeshDatagram datagram)
    {
        if (datagram.To != Address || !SealedHeader.TryRead(datagram.Bytes, out var header))
            return [];
        var number = Serial.Expand32(header.PacketNumber, _heardNext);
        var frames = new byte[WireLimits.FullDatagram];
        if (!_keys.TryOpen(_mesh.Now, header.Phase, number, datagram.Bytes, frames, Duration.FromSeconds(1)))
            return [];
        _heardNext = Math.Max(_heardNext, number + 1);
        Opened = number;
        return frames.AsSpan(0, datagram.Bytes.Length - SealedHeader.MinDatagram);
    }

    /// <summary>Acknowledges everything up to the newest datagram that was opened.</summary>
    public void Acknowledge()
    {
        var writer = new WireWriter(new byte[32]);
        writer.WriteByte(FrameType.Ack);
        writer.WriteUInt32((uint)(_heardNext - 1));
        writer.WriteVarInt(0);
        writer.WriteByte(0);
        writer.WriteVarInt(_heardNext - 1);
        writer.WriteByte(0);
        Say(writer.Written);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _key.Dispose();
    }
}
