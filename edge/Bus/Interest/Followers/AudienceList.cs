using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>The edges that a message goes to, each once, however many of their patterns match and homes say so.</summary>
internal sealed class AudienceList(NodeId self) : IMatchVisitor<ToldEntry>, IMatchVisitor<Registration>
{
    private readonly List<NodeId> _edges = [];
    private uint[] _seen = [];
    private uint _turn;

    public ReadOnlySpan<NodeId> Edges => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_edges);

    public void Clear()
    {
        _edges.Clear();
        if (++_turn != 0)
            return;
        Array.Clear(_seen);
        _turn = 1;
    }

    public void Visit(ToldEntry value) => Add(value.Edge);

    public void Visit(Registration value) => Add(value.Edge);

    private void Add(NodeId edge)
    {
        if (edge == self)
            return;
        if (edge.Value >= _seen.Length)
            Array.Resize(ref _seen, Math.Max(edge.Value + 1, Math.Min(_seen.Length * 2, ushort.MaxValue + 1)));
        if (_seen[edge.Value] == _turn)
            return;
        _seen[edge.Value] = _turn;
        _edges.Add(edge);
    }
}
