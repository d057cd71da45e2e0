using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>Lies about where packets come from and where they go: docs/wire-format.md, section 6.</summary>
internal static class PathLies
{
    private static readonly byte[] Small = new byte[20];

    public static IEnumerable<Lie> All =>
    [
        new("routes through the victim back to itself", Say: (liar, _) => SayWay(liar, [liar.Id, Lie.Victim, liar.Id])),
        new("routes through the victim", Say: (liar, _) => SayWay(liar, [liar.Id, Lie.Victim, Lie.Witness])),
        new("routes to nobody", Say: (liar, _) => SayWay(liar, [liar.Id, Lie.Victim, new(77), Lie.Witness])),
        new("lists the way as dead", Say: (liar, _) =>
            SayWay(liar, [liar.Id, Lie.Victim, Lie.Witness], new(Lie.Victim, Lie.Witness), new(Lie.Victim, Lie.Bystander))),
        new("speaks as another", Say: (liar, tick) => SayStream(liar, tick, [Lie.Witness, liar.Id, Lie.Victim])),
        new("speaks as another to a third", Say: (liar, tick) => SayStream(liar, tick, [Lie.Bystander, liar.Id, Lie.Victim, Lie.Witness])),
        new("speaks to all", Say: (liar, tick) => SayToMany(liar, tick, liar.Id)) { Copies = 2 },
        new("speaks to all as another", Say: (liar, tick) => SayToMany(liar, tick, Lie.Witness)) { Copies = 1 },
        new("speaks to all as the victim", Say: (liar, tick) => SayToMany(liar, tick, Lie.Victim)),
    ];

    private static void SayWay(LyingNode liar, NodeId[] route, params FailedLink[] failed) =>
        liar.Member.SayPackets(ServiceClass.Signal, liar.Packet(ServiceClass.Signal, Small, route, failed));

    private static void SayStream(LyingNode liar, int tick, NodeId[] route) =>
        liar.Member.SayPackets(ServiceClass.Signal, liar.Packet(ServiceClass.Signal, TransportLies.Stream((uint)tick, 0, opens: true), route));

    private static void SayToMany(LyingNode liar, int tick, NodeId origin)
    {
        var packet = new byte[200];
        var length = MulticastHeader.Write(packet, ServiceClass.Signal, 7, 8, origin, 0, [0xFF, 0xFF]);
        var writer = new WireWriter(packet.AsSpan(length));
        writer.WriteByte(MulticastSegmentHeader.Type | 0x06);
        writer.WriteUInt32(1);
        writer.WriteVarInt((uint)tick);
        writer.WriteVarInt(0);
        writer.WriteVarInt(1);
        writer.WriteByte(0);
        writer.WriteBytes([1, 2, 3]);
        liar.Member.SayPackets(ServiceClass.Signal, packet.AsSpan(0, length + writer.Length).ToArray());
    }
}
