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

    /// <summary>Places for sets, some of which may hold no edge any more.</summary>
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

    /// <summary>How many sets its edges lie in, together with this one.</summary>
    internal int SetsWith(ushort edge)
    {
        var sets = 0;
        var isIn = false;
        for (var place = 0; place < SetCount; place++)
        {
            if (IsEmpty(place))
                continue;
            sets++;
            isIn |= _sets[place] == edge >> 8;
        }

        return isIn ? sets : sets + 1;
    }

    /// <summary>Whether the same edges are in both.</summary>
    public bool HoldsSame(EdgeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Count != other.Count)
            return false;
        for (var place = 0; place < SetCount; place++)
        {
            var there = IsEmpty(place) ? -1 : other._sets.AsSpan(0, other.SetCount).IndexOf(_sets[place]);
            if (!IsEmpty(place) && (there < 0 || !Bits(place).SequenceEqual(other.Bits(there))))
                return false;
        }

        return true;
    }

    /// <summary>Has in it then what is in another, and nothing else.</summary>
    public void CopyFrom(EdgeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Clear();
        Reserve(other.SetCount);
        for (var place = 0; place < other.SetCount; place++)
        {
            if (other.IsEmpty(place))
                continue;
            _sets[SetCount] = other._sets[place];
            other.Bits(place).CopyTo(_bits.AsSpan(SetCount * Words));
            SetCount++;
        }

        Count = other.Count;
    }

    internal bool IsEmpty(int place) => !Bits(place).ContainsAnyExcept(0UL);

    internal byte SetNumber(int place) => _sets[place];

    internal ReadOnlySpan<ulong> Bits(int place) => _bits.AsSpan(place * Words, Words);

    private static ulong Bit(ushort edge) => 1UL << (edge & 63);

    private ref ulong Word(int place, ushort edge) => ref _bits[(place * Words) + ((edge >> 6) & (Words - 1))];

    private int Find(ushort edge, bool adds)
    {
        var place = _sets.AsSpan(0, SetCount).IndexOf((byte)(edge >> 8));
        if (place >= 0 || !adds)
            return place;

        // A set that has become empty gives its place to the next, so that the places are as many as the sets ever were at a time.
        for (place = 0; place < SetCount && !IsEmpty(place);)
            place++;
        Reserve(place + 1);
        SetCount = Math.Max(SetCount, place + 1);
        _sets[place] = (byte)(edge >> 8);
        return place;
    }

    private void Reserve(int places)
    {
        if (places <= _sets.Length)
            return;
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)places);
        Array.Resize(ref _sets, length);
        Array.Resize(ref _bits, length * Words);
    }
}
