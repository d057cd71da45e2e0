using System.Numerics;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// Finds a tree's node by its parent and token: one table for all nodes, of their numbers alone, probed in line and at most three
/// quarters full. A removed number's place is filled by those that probed past it, so no marks of the dead gather.
/// </summary>
internal sealed class ChildTable(Slots<PatternNode> nodes, TokenStore tokens)
{
    private const int LeastSize = 16;

    private int[] _table = Empty(LeastSize);
    private int _count;

    public long Bytes => (long)_table.Length * sizeof(int);

    public int Find(int parent, ReadOnlySpan<byte> token, uint hash)
    {
        for (var at = hash & Mask; ; at = (at + 1) & Mask)
        {
            var number = _table[at];
            if (number < 0)
                return PatternNode.None;
            ref var node = ref nodes[number];
            if (node.Hash == hash && node.Parent == parent && tokens.At(node.Token, node.TokenLength).SequenceEqual(token))
                return number;
        }
    }

    public void Add(int number)
    {
        if ((_count + 1) * 4L > _table.Length * 3L)
            Resize(_table.Length * 2);
        Put(number);
        _count++;
    }

    public void Remove(int number)
    {
        var at = nodes[number].Hash & Mask;
        while (_table[at] != number)
            at = (at + 1) & Mask;
        _count--;
        if (_table.Length > LeastSize && _count * 8L < _table.Length)
        {
            _table[at] = PatternNode.None;
            Resize((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(LeastSize, _count * 2)));
            return;
        }

        Close(at);
    }

    private uint Mask => (uint)_table.Length - 1;

    private static int[] Empty(int size)
    {
        var table = new int[size];
        Array.Fill(table, PatternNode.None);
        return table;
    }

    private void Put(int number)
    {
        var at = nodes[number].Hash & Mask;
        while (_table[at] >= 0)
            at = (at + 1) & Mask;
        _table[at] = number;
    }

    /// <summary>Moves those back that stand behind the gap and may stand in it.</summary>
    private void Close(uint gap)
    {
        for (var at = (gap + 1) & Mask; _table[at] >= 0; at = (at + 1) & Mask)
        {
            var home = nodes[_table[at]].Hash & Mask;
            if (((at - home) & Mask) < ((at - gap) & Mask))
                continue;
            _table[gap] = _table[at];
            gap = at;
        }

        _table[gap] = PatternNode.None;
    }

    private void Resize(int size)
    {
        var before = _table;
        _table = Empty(size);
        foreach (var number in before)
        {
            if (number >= 0)
                Put(number);
        }
    }
}
