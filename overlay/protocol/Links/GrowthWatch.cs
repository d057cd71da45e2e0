namespace WeCan.Protocol.Links;

/// <summary>Whether the best rate known has stopped to grow, though nothing speaks against more: for several rounds, as one says little.</summary>
internal struct GrowthWatch
{
    private const int RoundsWithoutGrowth = 3;

    private long _full;
    private int _rounds;

    public void Begin(long best) => (_full, _rounds) = (best, 0);

    /// <summary>A round is over.</summary>
    public bool HasStopped(long best, double growth)
    {
        if (best < _full * growth)
            return ++_rounds >= RoundsWithoutGrowth;
        Begin(best);
        return false;
    }
}
