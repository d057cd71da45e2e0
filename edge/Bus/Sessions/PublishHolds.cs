namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// Which of a publisher's messages may not be confirmed yet, and for how many reasons each: counts by number, from the first that is not
/// settled on. Confirmations say one number, so what is held holds back all behind it.
/// </summary>
internal sealed class PublishHolds
{
    private const int LeastSize = 16;

    private int[] _counts = new int[LeastSize];
    private ulong _first = 1;
    private ulong _end = 1;

    /// <summary>Messages from the first that is held on.</summary>
    public int Count => (int)(_end - _first);

    /// <summary>Numbers only rise.</summary>
    public void Hold(ulong number)
    {
        if (_first == _end)
            (_first, _end) = (number, number);
        while (number - _first >= (ulong)_counts.Length)
            Grow();
        _end = Math.Max(_end, number + 1);
        At(number)++;
    }

    public void Release(ulong number)
    {
        At(number)--;
        while (_first < _end && At(_first) == 0)
            _first++;
    }

    /// <summary>The last of which nothing is held, nor of any before it.</summary>
    public ulong Settled(ulong last) => _first == _end ? last : _first - 1;

    private ref int At(ulong number) => ref _counts[number & ((ulong)_counts.Length - 1)];

    private void Grow()
    {
        var before = _counts;
        _counts = new int[before.Length * 2];
        for (var number = _first; number < _end; number++)
            At(number) = before[number & ((ulong)before.Length - 1)];
    }
}
