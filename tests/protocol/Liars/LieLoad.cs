using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>What the victim's application sends: a flow of each kind to the liar, and one to all its neighbours. About 100 kB a second.</summary>
internal sealed class LieLoad
{
    private static readonly NodeId Liar = new(2);

    private readonly NodeMesh _mesh;
    private readonly Node _node;
    private readonly FlowHandle _signal;
    private readonly FlowHandle _realtime;
    private readonly FlowHandle _many;
    private readonly EdgeSet _edges = new();
    private readonly bool _isOn;

    public LieLoad(NodeMesh mesh, MeshNode victim, bool isOn)
    {
        (_mesh, _node, _isOn) = (mesh, victim.Node, isOn);
        Assert.True(_node.TrySetRoute([new(1), Liar]));
        Assert.True(_node.TrySetRoute([new(1), new(3), Liar], 1));
        Assert.Equal(OpenResult.Opened, _node.OpenStream(Liar, ServiceClass.Signal, 4, out _signal));
        Assert.Equal(OpenResult.Opened, _node.OpenRealtime(Liar, 5, Duration.FromMilliseconds(200), out _realtime));
        Assert.Equal(OpenResult.Opened, _node.OpenMulticast(ServiceClass.Signal, 3, out _many));
        foreach (var edge in (ushort[])[2, 3, 4])
            _edges.Add(edge);
    }

    public void Send(int tick)
    {
        if (!_isOn)
            return;
        Span<byte> message = stackalloc byte[900];
        message.Clear();
        if (tick % 4 == 0)
            _node.Send(_mesh.Now, _realtime, message, out _);
        if (tick % 5 == 0)
            _node.Send(_mesh.Now, _signal, message, out _);
        if (tick % 10 == 0)
            _node.SendMulticast(_mesh.Now, _many, _edges, message, out _);
    }
}
