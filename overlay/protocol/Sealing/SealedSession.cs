using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Sealing;

/// <summary>
/// The keys of one handshake between two edges, both directions: docs/wire-format.md, section 7.8. Invariants: a number is
/// sealed once and opened once; what it opens was sealed by the peer's life that it was made with, for this node and
/// class. Sealing and opening allocate nothing, but for the window that the first opened packet takes.
/// </summary>
internal sealed class SealedSession : IDisposable
{
    private const int AssociatedLength = SealedPacket.HeaderLength + 2 + 2 + 1;

    private readonly SealingLayer _layer;
    private readonly AeadKey _send;
    private readonly AeadKey _receive;
    private readonly NodeId _own;
    private readonly NodeId _peer;
    private readonly uint _peerSession;
    private ReplayWindow _opened;
    private ulong _sealed;

    /// <summary>Takes the result over.</summary>
    public SealedSession(SealingLayer layer, NodeId peer, HandshakeResult result, MonoTime now)
    {
        (_layer, _own, _peer, CreatedAt) = (layer, layer.Own.Node, peer, now);
        Number = result.OwnLink.Value;
        _peerSession = result.PeerLink.Value;
        PeerEpoch = result.PeerEpoch;
        IsInitiator = result.Secrets.IsInitiator;
        (_send, _receive) = result.Secrets.TakeKeys();
        result.Dispose();
    }

    /// <summary>What the peer writes on the packets of this session.</summary>
    public uint Number { get; }

    public BootEpoch PeerEpoch { get; }

    public bool IsInitiator { get; }

    public MonoTime CreatedAt { get; }

    /// <summary>When it is forgotten.</summary>
    public MonoTime DropAt { get; set; } = MonoTime.Never;

    /// <summary>Whether anything of the peer was opened: then the peer has the keys, and knows that this node has.</summary>
    public bool IsProven { get; private set; }

    public bool MaySeal(MonoTime now) => _sealed < _layer.RefuseAfterPackets && now - CreatedAt < SealingLimits.RefuseAfter;

    /// <summary>Whether it has sealed or opened so much that it should be replaced before its time.</summary>
    public bool IsWorn => Math.Max(_sealed, _opened.Highest) >= _layer.RekeyAfterPackets;

    /// <summary>Seals a packet into a buffer that it does not touch, and returns the length, <see cref="SealedPacket.Overhead"/> more.</summary>
    public int Seal(ServiceClass serviceClass, ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        Span<byte> associated = stackalloc byte[AssociatedLength];
        SealedPacket.WriteHeader(destination, _peerSession, _sealed);
        WriteAssociated(associated, destination[..SealedPacket.HeaderLength], _own, _peer, serviceClass);
        _send.Seal(_sealed++, associated, packet, destination[SealedPacket.HeaderLength..]);
        return packet.Length + SealedPacket.Overhead;
    }

    /// <summary>Opens a packet of this session into a buffer that it does not touch.</summary>
    public OpenOutcome TryOpen(ServiceClass serviceClass, in SealedPacket packet, Span<byte> destination)
    {
        var number = Serial.Expand32(packet.Number, _opened.Highest);
        if (!_opened.IsFresh(number))
            return OpenOutcome.Replayed;
        Span<byte> associated = stackalloc byte[AssociatedLength];
        WriteAssociated(associated, packet.Header, _peer, _own, serviceClass);
        if (!_receive.TryOpen(number, associated, packet.Body, destination))
            return OpenOutcome.NotAuthentic;
        _opened.Add(number);
        IsProven = true;
        return OpenOutcome.Opened;
    }

    public void Dispose()
    {
        _send.Dispose();
        _receive.Dispose();
    }

    private static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> header, NodeId origin, NodeId destination, ServiceClass serviceClass)
    {
        header.CopyTo(associated);
        BinaryPrimitives.WriteUInt16BigEndian(associated[SealedPacket.HeaderLength..], origin.Value);
        BinaryPrimitives.WriteUInt16BigEndian(associated[(SealedPacket.HeaderLength + 2)..], destination.Value);
        associated[^1] = (byte)serviceClass;
    }
}
