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
            Child = PatternNode.None,
            Next = PatternNode.None,
            Previous = PatternNode.None,
            Star = PatternNode.None,
            Arrow = PatternNode.None,
            Entries = PatternNode.None,
        });
        _children.Add(made);
        if (parent == PatternNode.None)
            return made;
        ref var above = ref Nodes[parent];
        Nodes[made].Next = above.Child;
        if (above.Child != PatternNode.None)
            Nodes[above.Child].Previous = made;
        above.Child = made;
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
                Forget(node, number);
            number = node.Parent;
        }
    }

    /// <summary>Writes the tokens on the way from the root to a node; answers how many bytes they take with their dots.</summary>
    public int Write(int number, Span<byte> name)
    {
        var length = -1;
        for (var at = number; at != PatternNode.None; at = Nodes[at].Parent)
            length += 1 + Nodes[at].TokenLength;
        var end = length;
        for (var at = number; at != PatternNode.None; at = Nodes[at].Parent)
        {
            ref var node = ref Nodes[at];
            if (end < length)
                name[--end] = SubjectRules.Dot;
            end -= node.TokenLength;
            _tokens.At(node.Token, node.TokenLength).CopyTo(name[end..]);
        }

        return length;
    }

    private void Forget(in PatternNode removed, int child)
    {
        if (removed.Next != PatternNode.None)
            Nodes[removed.Next].Previous = removed.Previous;
        if (removed.Previous != PatternNode.None)
            Nodes[removed.Previous].Next = removed.Next;
        ref var above = ref Nodes[removed.Parent];
        if (above.Child == child)
            above.Child = removed.Next;
        if (above.Star == child)
            above.Star = PatternNode.None;
        else if (above.Arrow == child)
            above.Arrow = PatternNode.None;
    }
}
