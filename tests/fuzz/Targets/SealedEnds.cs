using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A transport that requires sealing of node 2, and node 2's keys and session, in the hands of whoever wants to lie under them.</summary>
internal sealed class SealedEnds : IDisposable
{
    public static readonly NodeId Self = new(1);
    public static readonly NodeId Other = new(2);
    public static readonly MonoTime Start = MonoTime.FromSeconds(10);

    private readonly P256KeyPair _ownKey;
    private readonly P256KeyPair _otherKey;
    private readonly SealingLayer _own;
    private readonly SealingLayer _other;
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];

    public SealedEnds(ulong seed, TransportOptions options)
    {
        var random = DeterministicRandom.FromNumber(seed);
        _ownKey = P256KeyPair.Generate(random);
        _otherKey = P256KeyPair.Generate(random);
        _own = new SealingLayer(new NodeIdentity(_ownKey, Self, new BootEpoch(5)), random);
        _other = new SealingLayer(new NodeIdentity(_otherKey, Other, new BootEpoch(5)), random);
        Layer = new TransportLayer(new BootEpoch(5), options, _own);
        Layer.RequireSealing(Start, Other, _otherKey.PublicKey);
        Peer = _other.Add(Self, _ownKey.PublicKey);
        Mac = PairMac.TryCreate(_otherKey, _ownKey.PublicKey)!;
    }

    public TransportLayer Layer { get; }

    /// <summary>Node 2's end of the session.</summary>
    public PeerSealing Peer { get; }

    public PairMac Mac { get; }

    /// <summary>What the two said until both had a session; the layer has something to send.</summary>
    public IReadOnlyList<byte[]> Meet()
    {
        List<byte[]> said = [];
        Span<byte> plain = stackalloc byte[WireLimits.MaxPathPacket];
        for (var round = 0; round < 4; round++)
        {
            var gate = ClassGate.AllOpen;
            while (Layer.TryPollTransmit(Start, ref gate, _buffer, out var transmit, out var length))
            {
                said.Add(_buffer[..length]);
                if (SealingMessage.TryRead(_buffer.AsSpan(0, length), out var message))
                    Peer.HandleMessage(Start, message);
                else if (SealedPacket.TryRead(_buffer.AsSpan(0, length), out var packet))
                    Peer.TryOpen(Start, transmit.Class, packet, plain, out _);
            }

            while (Peer.TryWrite(Start, _buffer, out var length))
            {
                said.Add(_buffer[..length]);
                Layer.HandlePacket(Start, Other, ServiceClass.Control, MonoTime.Never, marked: false, _buffer.AsSpan(0, length));
            }
        }

        return said;
    }

    public void Dispose()
    {
        Mac.Dispose();
        _own.Dispose();
        _other.Dispose();
        _ownKey.Dispose();
        _otherKey.Dispose();
    }
}
