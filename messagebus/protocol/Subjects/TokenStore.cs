using System.Runtime.CompilerServices;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// The bytes of a tree's tokens, in pages without objects of their own: a million tokens cost the collector a few hundred arrays. A
/// token takes whole units of eight bytes; one that is given back waits in the list of its size.
/// </summary>
internal sealed class TokenStore
{
    private const int Unit = 8;
    private const int PageUnits = 4_096;
    private const int Sizes = (SubjectLimits.MaxBytes + Unit - 1) / Unit;

    private readonly List<byte[]> _pages = [];
    private readonly int[] _free = NoneFree();
    private int _used = PageUnits;

    public long Bytes => (long)_pages.Count * PageUnits * Unit;

    /// <summary>Keeps a copy; the number names it until it is freed with the same length.</summary>
    public int Add(ReadOnlySpan<byte> token)
    {
        var units = UnitsOf(token.Length);
        var place = _free[units - 1];
        if (place >= 0)
            _free[units - 1] = NextFree(place);
        else
            place = Take(units);
        token.CopyTo(At(place, token.Length));
        return place;
    }

    public void Free(int place, int length)
    {
        var units = UnitsOf(length);
        NextFree(place) = _free[units - 1];
        _free[units - 1] = place;
    }

    public Span<byte> At(int place, int length) => _pages[place / PageUnits].AsSpan(place % PageUnits * Unit, length);

    private static int UnitsOf(int length) => (length + Unit - 1) / Unit;

    private static int[] NoneFree()
    {
        var free = new int[Sizes];
        Array.Fill(free, -1);
        return free;
    }

    /// <summary>What is left of a page that has no room for the next token stays unused: at most 31 units.</summary>
    private int Take(int units)
    {
        if (_used + units > PageUnits)
        {
            _pages.Add(new byte[PageUnits * Unit]);
            _used = 0;
        }

        var place = ((_pages.Count - 1) * PageUnits) + _used;
        _used += units;
        return place;
    }

    private ref int NextFree(int place) => ref Unsafe.As<byte, int>(ref At(place, Unit)[0]);
}
