using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Places for segments of up to <see cref="WireLimits.MaxWholeRealtime"/> bytes, named by number and cut from arrays that are
/// kept for good: its size is the most that was ever in use, which the memory budgets bound. Who rents a place returns it once.
/// </summary>
internal sealed class SegmentPool
{
    /// <summary>What a place counts for in a memory budget.</summary>
    public const int PlaceBytes = WireLimits.MaxWholeRealtime;

    private const int PlacesPerSlab = 64;

    private readonly List<byte[]> _slabs = [];
    private int[] _free = new int[PlacesPerSlab];
    private int _freeCount;

    public int InUse { get; private set; }

    public int Rent()
    {
        if (_freeCount == 0)
            AddSlab();
        InUse++;
        return _free[--_freeCount];
    }

    public int RentCopy(ReadOnlySpan<byte> bytes)
    {
        var place = Rent();
        bytes.CopyTo(_slabs[place / PlacesPerSlab].AsSpan(place % PlacesPerSlab * PlaceBytes, PlaceBytes));
        return place;
    }

    public ReadOnlySpan<byte> Read(int place, int length) =>
        _slabs[place / PlacesPerSlab].AsSpan(place % PlacesPerSlab * PlaceBytes, length);

    public void Return(int place)
    {
        InUse--;
        _free[_freeCount++] = place;
    }

    private void AddSlab()
    {
        var first = _slabs.Count * PlacesPerSlab;
        _slabs.Add(GC.AllocateUninitializedArray<byte>(PlacesPerSlab * PlaceBytes));
        if (_free.Length < _slabs.Count * PlacesPerSlab)
            Array.Resize(ref _free, _free.Length * 2);
        for (var i = PlacesPerSlab - 1; i >= 0; i--)
            _free[_freeCount++] = first + i;
    }
}
