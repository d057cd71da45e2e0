namespace WeCan.Protocol.Links;

/// <summary>
/// How much could be in flight when a path began to drop, for as long as that is worth remembering. It rises again, faster
/// and faster, while more does no harm, and a loss that turns out to be none is forgotten.
/// </summary>
internal struct FlightCeiling
{
    private const double KeptShare = 0.85;
    private const int Steps = 32;
    private const int MemoryRounds = 32;

    private long _step;
    private long _rememberedUntil;
    private long _before;
    private int _lost;

    /// <summary>Bytes; 0 while the path is not known to drop.</summary>
    public long Bytes { readonly get; private set; }

    /// <summary>The path has dropped more than chance does, not many rounds ago.</summary>
    public readonly bool IsCongested(long round) => round < _rememberedUntil;

    /// <summary>More was lost in a round than chance explains.</summary>
    public void OnCongestion(long round, int lost)
    {
        if (!IsCongested(round))
            (_before, _lost) = (Bytes, 0);
        _lost += lost;
        _rememberedUntil = round + MemoryRounds;
    }

    /// <summary>The drops came with so much in flight.</summary>
    public void Set(int lostInFlight, long pipe) => Bytes = Math.Max((long)(lostInFlight * KeptShare), pipe);

    /// <summary>A packet that was given up had only been late. False when it counted to no congestion.</summary>
    public bool TryTakeBack(long round)
    {
        if (_lost == 0)
            return false;
        if (--_lost == 0)
            (_rememberedUntil, Bytes) = (round, _before);
        return true;
    }

    /// <summary>More is to be tried.</summary>
    public void BeginToRise(long pipe) => _step = pipe / Steps;

    /// <summary>More was in flight for a round and did no harm.</summary>
    public void Raise(long pipe)
    {
        if (Bytes == 0)
            return;
        Bytes = Math.Max(Bytes, pipe) + _step;
        _step *= 2;
        if (Bytes > 3 * pipe)
            Bytes = 0;
    }
}
