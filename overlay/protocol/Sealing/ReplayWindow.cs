namespace WeCan.Protocol.Sealing;

/// <summary>
/// Which of the last <see cref="SealingLimits.ReplayWindow"/> numbers were opened. Numbers further back count as opened.
/// Its memory is taken with the first number.
/// </summary>
internal struct ReplayWindow
{
    private const int WordBits = 64;
    private const int Words = SealingLimits.ReplayWindow / WordBits;

    private ulong[]? _words;

    /// <summary>The highest number so far; 0 before the first.</summary>
    public ulong Highest { get; private set; }

    public readonly bool IsFresh(ulong number)
    {
        if (_words is null || number > Highest)
            return true;
        return OldestWord(Highest) <= number / WordBits && (_words[number / WordBits % Words] & (1UL << (int)(number % WordBits))) == 0;
    }

    /// <summary>Notes a number that was fresh, once its packet is known to be authentic.</summary>
    public void Add(ulong number)
    {
        _words ??= new ulong[Words];
        if (number > Highest)
        {
            var word = Highest / WordBits;
            for (var left = Math.Min((number / WordBits) - word, Words); left > 0; left--)
                _words[++word % Words] = 0;
            Highest = number;
        }

        _words[number / WordBits % Words] |= 1UL << (int)(number % WordBits);
    }

    private static ulong OldestWord(ulong highest) => highest / WordBits < Words ? 0 : (highest / WordBits) - Words + 1;
}
