namespace WeCan.Protocol.Transport;

/// <summary>The two ends of what is out to one destination, to be sent again after a silence.</summary>
internal struct MulticastProbes()
{
    private const ulong None = ulong.MaxValue;

    private ulong _first = None;
    private ulong _last = None;

    public readonly bool Any => (_first & _last) != None;

    /// <summary>The two may be one.</summary>
    public void Set(ulong first, ulong last)
    {
        _first = first;
        _last = last > first ? last : None;
    }

    /// <summary>What is confirmed needs no probe.</summary>
    public void Settle(ulong next)
    {
        _first = _first < next ? None : _first;
        _last = _last < next ? None : _last;
    }

    public bool TryTake(out ulong sequence)
    {
        sequence = _first != None ? _first : _last;
        if (_first != None)
            _first = None;
        else
            _last = None;
        return sequence != None;
    }
}
