using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What stands between the flows and the path: seals all that goes to a peer that requires it, opens what comes from one,
/// and lets nothing else through in either direction, whatever lane or parser it took. docs/wire-format.md, section 7.8.
/// </summary>
internal sealed class SealedTraffic(TransportShared shared, Peers peers, SealingLayer layer)
{
    private readonly byte[] _plain = new byte[TransportLimits.MaxPacket];
    private readonly byte[] _opened = new byte[WireLimits.MaxPathPacket];

    /// <summary>Nobody requires sealing, or has.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>From now on nothing goes to the node or comes from it in the clear; with another key than before, under that.</summary>
    public void Require(MonoTime now, NodeId node, in P256PublicKey key)
    {
        var peer = peers.Get(node);
        if (peer.Sealing is { } before)
        {
            if (before.Sealing.Key == key && !before.Sealing.IsDisposed)
                return;
            Forget(before);
        }

        IsEmpty = false;
        peer.SetSealing(new SealingItem(shared, peer, layer.Add(node, key)));
        shared.Edges.SetSealed(node, isSealed: true);
        peers.Displace(now, node, FlowEndReason.NotSealed);
    }

    /// <summary>The node is talked to in the clear again.</summary>
    public void Release(NodeId node)
    {
        if (!peers.TryFind(node, out var peer) || peer.Sealing is not { } item)
            return;
        Forget(item);
        peer.SetSealing(null);
        shared.Edges.SetSealed(node, isSealed: false);
    }

    /// <summary>The node is no member: its sessions go, no other begins, and still nothing goes in the clear.</summary>
    public void Revoke(NodeId node)
    {
        if (peers.TryFind(node, out var peer) && peer.Sealing is { } item)
            Forget(item);
    }

    /// <summary>Seals what the flows have written, where its destination requires it. False if it must not go.</summary>
    public bool TrySeal(MonoTime now, in TransportTransmit transmit, Span<byte> buffer, ref int length)
    {
        if (transmit.Destination.IsNone || IsOfSealing(buffer[0]) || !peers.TryFind(transmit.Destination, out var peer) || peer.Sealing is not { } item)
            return true;
        if (!item.MaySeal(now))
        {
            shared.Counters.Drop(TransportDrop.Unsealed);
            return false;
        }

        buffer[..length].CopyTo(_plain);
        length = item.Sealing.Seal(now, transmit.Class, _plain.AsSpan(0, length), buffer);
        shared.Counters.PacketsSealed++;
        return true;
    }

    /// <summary>
    /// Takes a packet from the path. True if there is one for the flows: the packet itself, or what was sealed in it,
    /// which is lent until the next call.
    /// </summary>
    public bool TryOpen(MonoTime now, NodeId origin, ServiceClass serviceClass, ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> inner)
    {
        inner = packet;
        var item = peers.TryFind(origin, out var peer) ? peer.Sealing : null;
        if (packet.IsEmpty || !IsOfSealing(packet[0]))
        {
            if (item is not null)
                shared.Counters.Drop(TransportDrop.Unsealed);
            return item is null;
        }

        if (item is null)
            shared.Counters.Drop(TransportDrop.UnknownSeal);
        else if (packet[0] != SealedPacket.Type)
            HandleMessage(now, peer, item, serviceClass, packet);
        else if (TryOpen(now, peer, item, serviceClass, packet, out inner))
            return true;
        return false;
    }

    /// <summary>Nothing that came by multicast was sealed.</summary>
    public bool IsRefused(NodeId origin)
    {
        if (!peers.TryFind(origin, out var peer) || peer.Sealing is null)
            return false;
        shared.Counters.Drop(TransportDrop.Unsealed);
        return true;
    }

    private static bool IsOfSealing(byte type) => type >> 4 == SealedPacket.Type >> 4;

    private bool TryOpen(MonoTime now, Peer peer, SealingItem item, ServiceClass serviceClass, ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        if (!SealedPacket.TryRead(packet, out var read))
        {
            shared.Counters.Drop(TransportDrop.Malformed);
            return false;
        }

        var outcome = item.Sealing.TryOpen(now, serviceClass, read, _opened, out var length);
        if (outcome != OpenOutcome.Opened)
        {
            shared.Counters.Drop(DropOf(outcome));
            if (outcome == OpenOutcome.UnknownSession)
                item.Refresh();
            return false;
        }

        shared.Counters.PacketsOpened++;
        item.OnOpened();
        peers.Prove(now, peer, item.Sealing.PeerLife, item.Sealing.TakeLoss());
        inner = _opened.AsSpan(0, length);
        return length > 0;
    }

    private void HandleMessage(MonoTime now, Peer peer, SealingItem item, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        if (!SealingMessage.TryRead(packet, out var message))
        {
            shared.Counters.Drop(TransportDrop.Malformed);
            return;
        }

        if (serviceClass != ServiceClass.Control)
        {
            shared.Counters.Drop(TransportDrop.WrongClass);
            return;
        }

        var outcome = item.Sealing.HandleMessage(now, message);
        if (outcome != SealingOutcome.Taken)
            shared.Counters.Drop(outcome == SealingOutcome.OverBudget ? TransportDrop.SealingBudget : TransportDrop.SealingRefused);
        item.Refresh();
        peers.Prove(now, peer, item.Sealing.PeerLife, item.Sealing.TakeLoss());
    }

    private void Forget(SealingItem item)
    {
        shared.Timers.Remove(item);
        layer.Remove(item.Sealing);
    }

    private static TransportDrop DropOf(OpenOutcome outcome) => outcome switch
    {
        OpenOutcome.UnknownSession => TransportDrop.UnknownSeal,
        OpenOutcome.Replayed => TransportDrop.SealReplayed,
        _ => TransportDrop.SealBroken,
    };
}
