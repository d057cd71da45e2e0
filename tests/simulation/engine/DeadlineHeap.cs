using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>One deadline for each of a fixed number of owners, the earliest first; of equal ones that of the lower owner.</summary>
internal sealed class DeadlineHeap
{
    private readonly MonoTime[] _deadlines;
    private readonly int[] _heap;
    private readonly int[] _places;

    public DeadlineHeap(int owners)
    {
        _deadlines = new MonoTime[owners];
        _heap = new int[owners];
        _places = new int[owners];
        for (var owner = 0; owner < owners; owner++)
        {
            _deadlines[owner] = MonoTime.Never;
            _heap[owner] = _places[owner] = owner;
        }
    }

    public int FirstOwner => _heap[0];

    public MonoTime First => _deadlines[_heap[0]];

    public void Set(int owner, MonoTime deadline)
    {
        _deadlines[owner] = deadline;
        var place = _places[owner];
        place = Rise(owner, place);
        Sink(owner, place);
    }

    private bool IsBefore(int left, int right) =>
        _deadlines[left] != _deadlines[right] ? _deadlines[left] < _deadlines[right] : left < right;

    private int Rise(int owner, int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) >> 1;
            if (!IsBefore(owner, _heap[parent]))
                break;
            Put(_heap[parent], place);
            place = parent;
        }

        Put(owner, place);
        return place;
    }

    private void Sink(int owner, int place)
    {
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _heap.Length)
                break;
            if (child + 1 < _heap.Length && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], owner))
                break;
            Put(_heap[child], place);
            place = child;
        }

        Put(owner, place);
    }

    private void Put(int owner, int place)
    {
        _heap[place] = owner;
        _places[owner] = place;
    }
}
