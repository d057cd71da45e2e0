namespace WeCan.Protocol.Transport;

/// <summary>
/// Which flow numbers of an origin's life were decided here: opened, refused or told to be over. Origins number their
/// flows to one destination from 0 up and never use a number twice, so a decided number is never opened again, however
/// late its packets come. Exact for the last <see cref="TransportLimits.FlowNumberWindow"/> numbers; all below count
/// as decided. While numbers are decided in about their order, it takes a few bytes.
/// </summary>
internal struct NumberWindow
{
    private ulong[]? _bits;
    private ulong _base;

    public readonly bool IsDecided(uint number) =>
        number < _base || (_bits is not null && number - _base < Capacity && (_bits[Word(number)] & Bit(number)) != 0);

    public void Decide(uint number)
    {
        if (number < _base)
            return;
        _bits ??= new ulong[1];
        while (number - _base >= Capacity)
        {
            if (_bits.Length * 64 < TransportLimits.FlowNumberWindow)
                Grow();
            else
                MoveBaseTo(number - Capacity + 1);
        }

        _bits[Word(number)] |= Bit(number);
        while ((_bits[Word(_base)] & Bit(_base)) != 0)
        {
            _bits[Word(_base)] &= ~Bit(_base);
            _base++;
        }
    }

    private readonly ulong Capacity => (ulong)_bits!.Length * 64;

    private readonly int Word(ulong number) => (int)((number >> 6) & (ulong)(_bits!.Length - 1));

    private static ulong Bit(ulong number) => 1UL << (int)(number & 63);

    private void Grow()
    {
        var old = _bits!;
        var oldCapacity = Capacity;
        _bits = new ulong[old.Length * 2];
        for (var number = _base; number < _base + oldCapacity; number++)
        {
            if ((old[(int)((number >> 6) & (ulong)(old.Length - 1))] & Bit(number)) != 0)
                _bits[Word(number)] |= Bit(number);
        }
    }

    private void MoveBaseTo(ulong newBase)
    {
        if (newBase - _base >= Capacity)
        {
            Array.Clear(_bits!);
        }
        else
        {
            for (var number = _base; number < newBase; number++)
                _bits![Word(number)] &= ~Bit(number);
        }

        _base = newBase;
    }
}
