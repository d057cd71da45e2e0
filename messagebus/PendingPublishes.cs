namespace WeCan.MessageBus;

/// <summary>
/// Publishes that were handed over and are not settled, by their numbers, which follow each other: what is told of one is found at
/// once, however many there are. Used under its owner's lock.
/// </summary>
internal sealed class PendingPublishes
{
    private const int LeastSize = 64;

    private Pending[] _ring = new Pending[LeastSize];
    private ulong _first = 1;
    private ulong _end = 1;
    private ulong _accepted;

    /// <summary>The number follows the last one's.</summary>
    public void Add(ulong number, int bytes, TaskCompletionSource settled, Completion completion)
    {
        if (_first == _end)
            (_first, _end) = (number, number);
        if (_end - _first == (ulong)_ring.Length)
            Grow();
        At(number) = new(bytes, settled, completion);
        _end = number + 1;
    }

    /// <summary>It stays in line: that it is settled comes with the others.</summary>
    public void Refuse(ulong number, BusException failure)
    {
        if (number >= _first && number < _end)
            At(number).Settled.TrySetException(failure);
    }

    /// <summary>The edge has taken all up to this one.</summary>
    public void Accept(ulong upTo)
    {
        for (var number = Math.Max(_first, _accepted + 1); number <= upTo && number < _end; number++)
        {
            if (At(number).Completion == Completion.Accepted)
                At(number).Settled.TrySetResult();
        }

        _accepted = Math.Max(_accepted, upTo);
    }

    /// <summary>All up to this one are settled; says how many bytes they had.</summary>
    public long Confirm(ulong upTo)
    {
        var bytes = 0L;
        for (; _first <= upTo && _first < _end; _first++)
        {
            bytes += At(_first).Bytes;
            At(_first).Settled.TrySetResult();
            At(_first) = default;
        }

        return bytes;
    }

    public void Fail(BusException failure)
    {
        for (; _first < _end; _first++)
            At(_first).Settled.TrySetException(failure);
    }

    private ref Pending At(ulong number) => ref _ring[number & ((ulong)_ring.Length - 1)];

    private void Grow()
    {
        var before = _ring;
        _ring = new Pending[before.Length * 2];
        for (var number = _first; number < _end; number++)
            At(number) = before[number & ((ulong)before.Length - 1)];
    }

    private readonly record struct Pending(int Bytes, TaskCompletionSource Settled, Completion Completion);
}
