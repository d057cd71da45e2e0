namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// Values of one kind in pages, each named by a number until it is freed. It grows by a page at a time: nothing is moved, and no call
/// is long. References into it stay good.
/// </summary>
internal sealed class Slots<T>
{
    private const int Shift = 10;
    private const int PageSize = 1 << Shift;

    private readonly List<T[]> _pages = [];
    private readonly Stack<int> _free = new();
    private int _made;

    public int Count => _made - _free.Count;

    /// <summary>Above all slots that were ever used; what was freed holds the type's default.</summary>
    public int Limit => _made;

    public ref T this[int slot] => ref _pages[slot >> Shift][slot & (PageSize - 1)];

    public int Add(in T value)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _made++;
            if (slot >> Shift == _pages.Count)
                _pages.Add(new T[PageSize]);
        }

        this[slot] = value;
        return slot;
    }

    public void Free(int slot)
    {
        this[slot] = default!;
        _free.Push(slot);
    }
}
