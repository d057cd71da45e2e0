using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>What makes a node this node, and its bounds. Checked when the node is made.</summary>
public sealed record NodeOptions
{
    public required NodeId Id { get; init; }

    /// <summary>Greater than in every earlier life of this node.</summary>
    public required BootEpoch Epoch { get; init; }

    /// <summary>The node's static key pair; the node does not dispose it.</summary>
    public required P256KeyPair Key { get; init; }

    public TransportOptions Transport { get; init; } = TransportOptions.Default;

    /// <summary>Who says whether a client's token is good; null for a node that takes no clients.</summary>
    public IClientTokenVerifier? ClientTokens { get; init; }

    /// <summary>Members that this node may know.</summary>
    public int MaxPeers { get; init; } = 4_096;

    /// <summary>Clients that may be connected at a time.</summary>
    public int MaxClients { get; init; } = ClientLimits.MaxClients;

    /// <summary>The bounds of the transport to all clients together, and to each.</summary>
    public TransportOptions ClientTransport { get; init; } = ClientLimits.AtEdge;

    /// <summary>Bytes of packets that wait or are in flight on all clients' links together.</summary>
    public long ClientPacketMemory { get; init; } = 128L << 20;

    /// <summary>Bytes of packets that wait or are in flight on all links together.</summary>
    public long PacketMemory { get; init; } = 256L << 20;

    /// <summary>
    /// A silence of a link between members that is shorter never counts as its death; longer where a machine is known to pause.
    /// </summary>
    public Duration ShortestSilence { get; init; } = LinkLimits.ShortestSilence;

    /// <summary>The largest datagram that links try, where an operator knows that paths carry less, or should.</summary>
    public int MaxDatagram { get; init; } = WireLimits.FullDatagram;

    /// <summary>Joins small packets into one datagram.</summary>
    public bool Coalesces { get; init; } = true;

    /// <summary>
    /// What all links together may send, in IP packets' bytes: a little less than the line carries, so that what must wait
    /// does so here, where it is known what is urgent. Zero for no limit.
    /// </summary>
    public Bandwidth UplinkRate { get; init; }

    private const string UplinkRateWanted = "at least 1 Mbit/s, or zero for no limit";

    internal static void CheckUplinkRate(Bandwidth rate)
    {
        if (!IsUplinkRate(rate))
            throw new ArgumentException($"The uplink's rate must be {UplinkRateWanted}.", nameof(rate));
    }

    internal void Validate()
    {
        Require(!Id.IsNone, nameof(Id), "a number from 1 to 65535");
        Require(Epoch != BootEpoch.None, nameof(Epoch), "at least 1");
        Require(MaxPeers is > 0 and <= ushort.MaxValue, nameof(MaxPeers), "between 1 and 65535");
        Require(MaxClients is >= 0 and <= ClientLimits.MaxClients, nameof(MaxClients), "between 0 and 65535");
        Require(ClientPacketMemory >= 1 << 20, nameof(ClientPacketMemory), "at least 1 MiB");
        Require(ShortestSilence >= LinkLimits.ShortestSilence, nameof(ShortestSilence), "at least 150 ms");
        Require(MaxDatagram is >= WireLimits.BaseDatagram and <= WireLimits.FullDatagram, nameof(MaxDatagram), "between 1124 and 1372");
        Require(PacketMemory >= 1 << 20, nameof(PacketMemory), "at least 1 MiB");
        Require(IsUplinkRate(UplinkRate), nameof(UplinkRate), UplinkRateWanted);
    }

    private static bool IsUplinkRate(Bandwidth rate) => rate == Bandwidth.Zero || rate >= NodeLimits.LeastUplink;

    private static void Require(bool holds, string name, string wanted)
    {
        if (!holds)
            throw new ArgumentException($"Node option {name} must be {wanted}.", name);
    }
}
