namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>The nodes of a tree of patterns, found by parent and token. A node is there while a pattern ends in it or goes through it.</summary>
internal sealed class PatternNodes
{
    private readonly TokenStore _tokens = new();
    private readonly ChildTable _children;

    public PatternNodes() => _children = new ChildTable(Nodes, _tokens);

    public Slots<PatternNode> Nodes { get; } = new();

    /// <summary>A subject's token under a node; stars and arrows are met by the node's own fields.</summary>
    public int Find(int parent, ReadOnlySpan<byte> token, uint hash) => _children.Find(parent, token, hash);

    public int GetChild(int parent, ReadOnlySpan<byte> token, uint hash)
    {
        var found = _children.Find(parent, token, hash);
        if (found != PatternNode.None)
            return found;
        var made = Nodes.Add(new()
        {
            Parent = parent,
            Token = _tokens.Add(token),
            TokenLength = (byte)token.Length,
            Hash = hash,
            Star = PatternNode.None,
            Arrow = PatternNode.None,
            Entries = PatternNode.None,
        });
        _children.Add(made);
        if (parent == PatternNode.None)
            return made;
        ref var above = ref Nodes[parent];
        above.Children++;
        if (token is [SubjectRules.Star])
            above.Star = made;
        else if (token is [SubjectRules.Arrow])
            above.Arrow = made;
        return made;
    }

    /// <summary>Takes out a node that has become empty, and those above it that become so.</summary>
    public void Prune(int number)
    {
        while (number != PatternNode.None && Nodes[number].IsEmpty)
        {
            var node = Nodes[number];
            _children.Remove(number);
            _tokens.Free(node.Token, node.TokenLength);
            Nodes.Free(number);
            if (node.Parent != PatternNode.None)
                Forget(node.Parent, number);
            number = node.Parent;
        }
    }

    private void Forget(int parent, int child)
    {
        ref var above = ref Nodes[parent];
        above.Children--;
        if (above.Star == child)
            above.Star = PatternNode.None;
        else if (above.Arrow == child)
            above.Arrow = PatternNode.None;
    }
}
