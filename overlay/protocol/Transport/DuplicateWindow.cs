namespace WeCan.Protocol.Transport;

/// <summary>
/// Which of a Realtime flow's last sequence numbers came. What lies further back counts as having come: at any rate that
/// media has, it is past its deadline. Copies over two routes lie apart by the routes' difference in delay, so a flow
/// that takes two gets a wider window: 8,192 numbers are 200 ms of 40,000 packets a second.
/// </summary>
internal struct DuplicateWindow
{
    public const int Size = 1_024;
    public const int WideSize = 8_192;

    private ulong[]? _bits;
    private uint _highest;
    private bool _started;

    private readonly int Width => _bits!.Length * 64;

    /// <summary>True once for every number.</summary>
    public bool TryTake(uint sequence)
    {
        _bits ??= new ulong[Size / 64];
        if (!_started)
        {
            _started = true;
            _highest = sequence;
        }

        var ahead = (int)(sequence - _highest);
        if (ahead > 0)
        {
            Advance(ahead);
            _highest = sequence;
        }
        else if (ahead <= -Width)
        {
            return false;
        }

        ref var word = ref WordOf(sequence);
        var bit = 1UL << (int)(sequence % 64);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    /// <summary>Takes the wide size from now on. What the narrow window had forgotten counts as having come.</summary>
    public void Widen()
    {
        if (_bits is null)
        {
            _bits = new ulong[WideSize / 64];
            return;
        }

        if (Width == WideSize)
            return;
        var narrow = _bits;
        _bits = new ulong[WideSize / 64];
        Array.Fill(_bits, ulong.MaxValue);
        for (var back = 0u; back < Size; back++)
        {
            var number = _highest - back;
            var came = (narrow[(int)(number % Size / 64)] >> (int)(number % 64)) & 1;
            WordOf(number) &= ~((came ^ 1) << (int)(number % 64));
        }
    }

    private readonly ref ulong WordOf(uint sequence) => ref _bits![(int)(sequence % (uint)Width / 64)];

    private readonly void Advance(int count)
    {
        if (count >= Width)
        {
            Array.Clear(_bits!);
            return;
        }

        for (var i = 1; i <= count; i++)
        {
            var number = _highest + (uint)i;
            if (number % 64 == 0 && count - i >= 63)
            {
                WordOf(number) = 0;
                i += 63;
            }
            else
            {
                WordOf(number) &= ~(1UL << (int)(number % 64));
            }
        }
    }
}
