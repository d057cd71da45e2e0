using System.Runtime.CompilerServices;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// Values under patterns, and whose pattern matches a subject. One thread drives it. Names were checked by <see cref="SubjectRules"/>.
/// A match looks at no more than the nodes on the ways that the subject can take, calls the visitor once for each value, in
/// no promised order, and allocates nothing; while it lasts the tree must not change.
/// </summary>
/// <param name="seed">Unknown to those who choose the names.</param>
internal sealed class SubjectTree<T>(ulong seed)
{
    private const int Root = PatternNode.None;

    private readonly PatternNodes _tree = new();
    private readonly Slots<PatternEntry<T>> _entries = new();

    /// <summary>Values, however many patterns they lie under.</summary>
    public int Count => _entries.Count;

    /// <summary>Nodes held for the patterns; none when it is empty.</summary>
    public int NodeCount => _tree.Nodes.Count;

    /// <summary>Adds a value; the number names it until it is removed. <paramref name="isFirst"/>: no other lies under this pattern.</summary>
    public int Add(ReadOnlySpan<byte> pattern, T value, out bool isFirst)
    {
        var tokens = new TokenSpans(pattern, seed);
        var node = Root;
        for (var index = 0; index < tokens.Count; index++)
            node = _tree.GetChild(node, tokens[index], TokenHash.Under(tokens.HashOf(index), node));
        ref var head = ref _tree.Nodes[node].Entries;
        isFirst = head == PatternNode.None;
        var entry = _entries.Add(new() { Value = value, Node = node, Previous = PatternNode.None, Next = head });
        if (!isFirst)
            _entries[head].Previous = entry;
        head = entry;
        return entry;
    }

    /// <summary>Takes a value out; true when it was the last under its pattern.</summary>
    public bool Remove(int entry)
    {
        var removed = _entries[entry];
        if (removed.Previous != PatternNode.None)
            _entries[removed.Previous].Next = removed.Next;
        else
            _tree.Nodes[removed.Node].Entries = removed.Next;
        if (removed.Next != PatternNode.None)
            _entries[removed.Next].Previous = removed.Previous;
        _entries.Free(entry);
        if (_tree.Nodes[removed.Node].Entries != PatternNode.None)
            return false;
        _tree.Prune(removed.Node);
        return true;
    }

    /// <summary>Above the numbers of all values; where none lies under a number, there is the type's default.</summary>
    public int Limit => _entries.Limit;

    /// <summary>The first value under just this pattern, -1 for none; the others follow by <see cref="NextOf"/>.</summary>
    public int Find(ReadOnlySpan<byte> pattern)
    {
        var tokens = new TokenSpans(pattern, seed);
        var node = Root;
        for (var index = 0; index < tokens.Count; index++)
        {
            node = _tree.Find(node, tokens[index], TokenHash.Under(tokens.HashOf(index), node));
            if (node == PatternNode.None)
                return PatternNode.None;
        }

        return _tree.Nodes[node].Entries;
    }

    /// <summary>The next value under the same pattern, -1 for none.</summary>
    public int NextOf(int entry) => _entries[entry].Next;

    /// <summary>Writes the pattern that a value lies under into at least <see cref="SubjectLimits.MaxBytes"/>; answers its length.</summary>
    public int WritePattern(int entry, Span<byte> pattern) => _tree.Write(_entries[entry].Node, pattern);

    /// <summary>
    /// Shows the number of each value whose pattern has a subject in common with this one, until the visitor has enough; true when it was
    /// shown all. Looks at nodes that such values lie in or under, and at no others but the last on each way.
    /// </summary>
    public bool Overlap<TVisitor>(ReadOnlySpan<byte> pattern, ref TVisitor visitor)
        where TVisitor : IOverlapVisitor, allows ref struct
    {
        var tokens = new TokenSpans(pattern, seed);
        var space = _tree.Find(Root, tokens[0], TokenHash.Under(tokens.HashOf(0), Root));
        return space == PatternNode.None || Overlap(space, tokens, 1, ref visitor);
    }

    public ref T this[int entry] => ref _entries[entry].Value;

    public void Match<TVisitor>(ReadOnlySpan<byte> subject, ref TVisitor visitor)
        where TVisitor : IMatchVisitor<T>, allows ref struct
    {
        var tokens = new TokenSpans(subject, seed);
        var space = _tree.Find(Root, tokens[0], TokenHash.Under(tokens.HashOf(0), Root));
        if (space == PatternNode.None)
            return;

        // Stars and arrows do not stand for what the system itself uses.
        var index = 1;
        if (tokens[1][0] == SubjectRules.Dollar)
        {
            space = _tree.Find(space, tokens[1], TokenHash.Under(tokens.HashOf(1), space));
            index++;
        }

        if (space != PatternNode.None)
            Match(space, tokens, index, ref visitor);
    }

    private void Match<TVisitor>(int number, scoped in TokenSpans tokens, int index, ref TVisitor visitor)
        where TVisitor : IMatchVisitor<T>, allows ref struct
    {
        while (true)
        {
            ref var node = ref _tree.Nodes[number];
            if (index == tokens.Count)
            {
                Visit(node.Entries, ref visitor);
                return;
            }

            if (node.Arrow != PatternNode.None)
                Visit(_tree.Nodes[node.Arrow].Entries, ref visitor);
            if (node.Star != PatternNode.None)
                Match(node.Star, tokens, index + 1, ref visitor);
            if (node.Child == PatternNode.None)
                return;
            number = _tree.Find(number, tokens[index], TokenHash.Under(tokens.HashOf(index), number));
            if (number == PatternNode.None)
                return;
            index++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Visit<TVisitor>(int entry, ref TVisitor visitor)
        where TVisitor : IMatchVisitor<T>, allows ref struct
    {
        while (entry != PatternNode.None)
        {
            ref var found = ref _entries[entry];
            visitor.Visit(found.Value);
            entry = found.Next;
        }
    }

    private bool Overlap<TVisitor>(int number, scoped in TokenSpans tokens, int index, ref TVisitor visitor)
        where TVisitor : IOverlapVisitor, allows ref struct
    {
        ref var node = ref _tree.Nodes[number];
        if (index == tokens.Count)
            return Show(node.Entries, ref visitor);
        var token = tokens[index];
        if (token is [SubjectRules.Arrow])
            return ShowBelow(node.Child, ref visitor);
        if (node.Arrow != PatternNode.None && !Show(_tree.Nodes[node.Arrow].Entries, ref visitor))
            return false;
        if (token is not [SubjectRules.Star])
        {
            if (node.Star != PatternNode.None && !Overlap(node.Star, tokens, index + 1, ref visitor))
                return false;
            var child = _tree.Find(number, token, TokenHash.Under(tokens.HashOf(index), number));
            return child == PatternNode.None || Overlap(child, tokens, index + 1, ref visitor);
        }

        for (var child = node.Child; child != PatternNode.None; child = _tree.Nodes[child].Next)
        {
            if (child != node.Arrow && !Overlap(child, tokens, index + 1, ref visitor))
                return false;
        }

        return true;
    }

    private bool ShowBelow<TVisitor>(int child, ref TVisitor visitor)
        where TVisitor : IOverlapVisitor, allows ref struct
    {
        for (; child != PatternNode.None; child = _tree.Nodes[child].Next)
        {
            ref var node = ref _tree.Nodes[child];
            if (!Show(node.Entries, ref visitor) || !ShowBelow(node.Child, ref visitor))
                return false;
        }

        return true;
    }

    private bool Show<TVisitor>(int entry, ref TVisitor visitor)
        where TVisitor : IOverlapVisitor, allows ref struct
    {
        for (; entry != PatternNode.None; entry = _entries[entry].Next)
        {
            if (!visitor.Visit(entry))
                return false;
        }

        return true;
    }
}
