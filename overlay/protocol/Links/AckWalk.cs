using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Walks an acknowledgement's numbers from the largest down, together with the receive times that it brings, and pairs
/// neighbours into spacings: how far apart two packets were sent, and how far apart they came.
/// </summary>
internal ref struct AckWalk(in AckFrame ack)
{
    private AckFrame.RangeWalk _ranges = ack.Ranges();
    private AckFrame.TimeWalk _times = ack.Times();
    private MonoTime _laterSentAt = MonoTime.Never;
    private ulong _number;
    private ulong _low;
    private bool _inRange;
    private bool _first = true;
    private bool _hasDelta;
    private long _deltaMicroseconds;
    private long _ageMicroseconds;
    private bool _hasAge = true;

    /// <summary>The next acknowledged number not below <paramref name="oldest"/>.</summary>
    public bool TryNext(ulong oldest, out ulong number)
    {
        if (_inRange && _number > _low)
        {
            _number--;
        }
        else
        {
            if (!_ranges.MoveNext())
            {
                number = 0;
                return false;
            }

            _number = _ranges.High;
            _low = _ranges.Low;
            _inRange = true;
        }

        number = _number;
        _hasDelta = !_first && _times.TryNext(out _deltaMicroseconds);
        _hasAge &= _first || _hasDelta;
        if (_hasDelta)
            _ageMicroseconds += _deltaMicroseconds;
        _first = false;
        return number >= oldest;
    }

    /// <summary>How long before the largest the packet just named came.</summary>
    public readonly bool TryGetAge(out Duration age)
    {
        age = Duration.FromMicroseconds(_ageMicroseconds);
        return _hasAge;
    }

    /// <summary>The packet just named is not known any more: its neighbour has nothing to be compared with.</summary>
    public void Forget() => _laterSentAt = MonoTime.Never;

    /// <summary>The spacing between the packet just named, sent then, and the one named before it.</summary>
    public bool TryGetSpacing(MonoTime sentAt, out Duration sent, out Duration received)
    {
        var known = _hasDelta && !_laterSentAt.IsNever;
        sent = known ? _laterSentAt - sentAt : Duration.Zero;
        received = known ? Duration.FromMicroseconds(_deltaMicroseconds) : Duration.Zero;
        _laterSentAt = sentAt;
        return known;
    }
}
