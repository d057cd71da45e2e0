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
            if (node.Children == 0)
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
}
