using System.Runtime.CompilerServices;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Which of a Realtime flow's last 1,024 sequence numbers came. What lies further back counts as having come: at any
/// rate that media has, it is past its deadline.
/// </summary>
internal struct DuplicateWindow
{
    public const int Size = 1_024;

    private Words _bits;
    private uint _highest;
    private bool _started;

    /// <summary>True once for every number.</summary>
    public bool TryTake(uint sequence)
    {
        var ahead = (int)(sequence - _highest);
        if (!_started)
        {
            _started = true;
            _highest = sequence;
        }
        else if (ahead > 0)
        {
            Advance(ahead);
            _highest = sequence;
        }
        else if (ahead <= -Size)
        {
            return false;
        }

        ref var word = ref _bits[(int)(sequence % Size / 64)];
        var bit = 1UL << (int)(sequence % 64);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    private void Advance(int count)
    {
        if (count >= Size)
        {
            _bits = default;
            return;
        }

        for (var i = 1; i <= count; i++)
        {
            var number = _highest + (uint)i;
            if (number % 64 == 0 && count - i >= 63)
            {
                _bits[(int)(number % Size / 64)] = 0;
                i += 63;
            }
            else
            {
                _bits[(int)(number % Size / 64)] &= ~(1UL << (int)(number % 64));
            }
        }
    }

    [InlineArray(Size / 64)]
    private struct Words
    {
        private ulong _first;
    }
}
