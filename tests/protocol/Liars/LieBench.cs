using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>
/// A node between a liar and two honest neighbours, for ten seconds of virtual time. The neighbours and the liar have
/// places in the edge index, and the node's application sends to all three where the lie needs it.
/// </summary>
internal static class LieBench
{
    private const int Ticks = 2_000;
    private static readonly Duration Tick = Duration.FromMilliseconds(5);

    public static LieCost Measure(Lie lie)
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var victim = mesh.Add(1);
        MeshNode[] others = [mesh.Add(3), mesh.Add(4)];
        foreach (var other in others)
            mesh.Introduce(victim, other);
        foreach (var node in (ReadOnlySpan<MeshNode>)[victim, .. others])
        {
            for (byte edge = 1; edge <= 4; edge++)
                node.Node.TrySetEdgeIndex(0, edge, new(edge));
        }

        mesh.RunFor(Duration.FromSeconds(1));
        using var liar = new LyingNode(mesh, victim, 2);
        for (ushort edge = 1; edge <= 4; edge++)
            liar.Transport.SetEdge(edge, new(edge), isSelf: edge == 2);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var (toLiar, toOthers, elsewhere, peak) = (0L, 0L, 0L, 0L);
        mesh.Tap = datagram =>
        {
            var bytes = datagram.Bytes.Length + WireLimits.IPv4Overhead;
            if (datagram.To == liar.Member.Address)
                liar.OnSent(datagram);
            toLiar += datagram.To == liar.Member.Address ? bytes : 0;
            elsewhere += datagram.From != victim.Address ? bytes : 0;
            toOthers += datagram.From == victim.Address && datagram.To != liar.Member.Address ? bytes : 0;
            return datagram;
        };
        var load = new LieLoad(mesh, victim, lie.Loaded);
        lie.Begin?.Invoke(liar);
        for (var tick = 0; tick < Ticks; tick++)
        {
            load.Send(tick);
            liar.Tick(tick);
            if (liar.Closed == CloseReason.None)
                lie.Say?.Invoke(liar, tick);
            mesh.RunFor(Tick);
            peak = Math.Max(peak, victim.Node.PacketMemoryInUse + victim.Node.SendMemoryInUse + victim.Node.ReceiveMemoryInUse);
        }

        return new LieCost(
            liar.Member.SaidBytes, toLiar, toOthers, elsewhere, peak, GC.GetTotalMemory(forceFullCollection: true) - heap, liar.Closed);
    }
}
