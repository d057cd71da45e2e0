using WeCan.Contracts;

namespace WeCan.Sockets.Linux;


/// <summary>
/// From which of this machine's addresses to answer whom: the one that he wrote to, or a firewall on his way, and he himself, would
/// not know the answer. A table of fixed size in which the last to come takes the place, but for this: what an authentic
/// datagram told gives way only to another authentic one, so that nobody's forged datagrams move the way back of a link.
/// Where the table says nothing, the system chooses.
/// </summary>
internal sealed class ReturnAddresses
{
    private readonly Entry[] _entries = new Entry[SocketLimits.ReturnAddresses];

    /// <summary>The address to answer from, without a port; false when the system is to choose.</summary>
    public bool TryGet(NetAddress peer, out ulong high, out ulong low)
    {
        ref readonly var entry = ref EntryOf(peer);
        (high, low) = (entry.High, entry.Low);
        return entry.Peer == peer && !peer.IsNone;
    }

    /// <summary>
    /// A datagram came from a peer to an address of this machine. True when this is news that only <see cref="Trust"/> would
    /// take in, or keep.
    /// </summary>
    public bool OnReceived(NetAddress peer, ulong high, ulong low)
    {
        ref var entry = ref EntryOf(peer);
        if (entry.Peer == peer && entry.High == high && entry.Low == low)
            return !entry.IsTrusted;
        if (!entry.IsTrusted)
            entry = new() { Peer = peer, High = high, Low = low };
        return true;
    }

    /// <summary>The datagram was authentic.</summary>
    public void Trust(NetAddress peer, ulong high, ulong low) =>
        EntryOf(peer) = new() { Peer = peer, High = high, Low = low, IsTrusted = true };

    /// <summary>The address cannot be sent from any more.</summary>
    public void Forget(NetAddress peer)
    {
        ref var entry = ref EntryOf(peer);
        if (entry.Peer == peer)
            entry = default;
    }

    private ref Entry EntryOf(NetAddress peer)
    {
        var mixed = (peer.High ^ (peer.Low * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)peer.Port << 32)) * 0xD6E8_FEB8_6659_FD93;
        return ref _entries[(int)(mixed >> 40) & (_entries.Length - 1)];
    }

    private struct Entry
    {
        public NetAddress Peer;
        public ulong High;
        public ulong Low;
        public bool IsTrusted;
    }
}
