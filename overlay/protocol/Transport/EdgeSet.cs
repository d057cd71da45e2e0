using System.Numerics;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A set of edges by their dense index, as the application keeps it for its multicast messages: a bit string of 256 edges
/// for each set number that occurs. It belongs to the application, which may change it between two messages; the
/// transport reads it during a Send and keeps nothing of it.
/// </summary>
public sealed class EdgeSet
{
    /// <summary>Words of a bit string.</summary>
    internal const int Words = 4;

    private byte[] _sets = new byte[1];
    private ulong[] _bits = new ulong[Words];

    /// <summary>How many edges are in it.</summary>
    public int Count { get; private set; }

    /// <summary>How many set numbers occur, or once did.</summary>
    internal int SetCount { get; private set; }

    /// <summary>False when the edge was in it already.</summary>
    public bool Add(ushort edge)
    {
        ref var word = ref Word(Find(edge, adds: true), edge);
        if ((word & Bit(edge)) != 0)
            return false;
        word |= Bit(edge);
        Count++;
        return true;
    }

    /// <summary>False when the edge was not in it.</summary>
    public bool Remove(ushort edge)
    {
        if (!Contains(edge))
            return false;
        Word(Find(edge, adds: false), edge) &= ~Bit(edge);
        Count--;
        return true;
    }

    public bool Contains(ushort edge)
    {
        var place = Find(edge, adds: false);
        return place >= 0 && (Word(place, edge) & Bit(edge)) != 0;
    }

    public void Clear()
    {
        Array.Clear(_bits);
        SetCount = 0;
        Count = 0;
    }

    internal byte SetNumber(int place) => _sets[place];

    internal ReadOnlySpan<ulong> Bits(int place) => _bits.AsSpan(place * Words, Words);

    private static ulong Bit(ushort edge) => 1UL << (edge & 63);

    private ref ulong Word(int place, ushort edge) => ref _bits[(place * Words) + ((edge >> 6) & (Words - 1))];

    private int Find(ushort edge, bool adds)
    {
        var place = _sets.AsSpan(0, SetCount).IndexOf((byte)(edge >> 8));
        if (place >= 0 || !adds)
            return place;
        if (SetCount == _sets.Length)
        {
            var length = (int)BitOperations.RoundUpToPowerOf2((uint)SetCount + 1);
            Array.Resize(ref _sets, length);
            Array.Resize(ref _bits, length * Words);
        }

        _sets[SetCount] = (byte)(edge >> 8);
        return SetCount++;
    }
}
