using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Sealing;

/// <summary>
/// What one node's sessions with other edges have in common: who it is, its randomness, and how much it computes. The node
/// makes it and disposes of it, which erases all keys; the transport asks it for a <see cref="PeerSealing"/> for each edge
/// that nothing may go to or come from in the clear. It draws and computes nothing before the first.
/// </summary>
internal sealed class SealingLayer(NodeIdentity own, DeterministicRandom random) : IDisposable
{
    private readonly List<PeerSealing> _peers = [];
    private WorkBudget _budget = new(SealingLimits.HandshakesPerSecond, SealingLimits.NodeRefill);
    private HandshakeResponder? _responder;
    private ulong _counter;

    public NodeIdentity Own { get; } = own;

    public DeterministicRandom Random { get; } = random;

    public HandshakeCapabilities Capabilities { get; } = HandshakeCapabilities.Default with { Purpose = HandshakePurpose.Edges };

    public HandshakeResponder Responder => _responder ??= new HandshakeResponder(Own, Capabilities, Random);

    /// <summary>A test that cannot wait for so many packets asks for fewer.</summary>
    public ulong RekeyAfterPackets { get; init; } = SealingLimits.RekeyAfterPackets;

    public ulong RefuseAfterPackets { get; init; } = SealingLimits.RefuseAfterPackets;

    /// <summary>Begins to know an edge by its static key. One key agreement.</summary>
    public PeerSealing Add(NodeId peer, in P256PublicKey key)
    {
        var sealing = new PeerSealing(this, peer, key);
        _peers.Add(sealing);
        return sealing;
    }

    public void Remove(PeerSealing peer)
    {
        _peers.Remove(peer);
        peer.Dispose();
    }

    /// <summary>Whether one more half of a handshake may be computed now.</summary>
    public bool TryCompute(MonoTime now) => _budget.TryTake(now);

    /// <summary>Larger with every initiation of this life.</summary>
    public ulong NextCounter() => ++_counter;

    public void Dispose()
    {
        foreach (var peer in _peers)
            peer.Dispose();
        _peers.Clear();
        _responder?.Dispose();
    }
}
