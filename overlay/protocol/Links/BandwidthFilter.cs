namespace WeCan.Protocol.Links;

/// <summary>The largest rate of the last rounds: the best three in falling order, each with its round. Rounds without a sample let nothing expire.</summary>
internal struct BandwidthFilter
{
    /// <summary>More than a cycle of probing, so that what was found above the present rate lasts until it is tried again.</summary>
    private const int Rounds = 12;

    private long _first, _second, _third;
    private long _firstRound, _secondRound, _thirdRound;

    public readonly long Best => _first;

    /// <summary>Forgets what was faster: the path carries so much now.</summary>
    public void Restart(long round, long value)
    {
        (_first, _second, _third) = (value, value, value);
        (_firstRound, _secondRound, _thirdRound) = (round, round, round);
    }

    public void Add(long round, long value)
    {
        if (value >= _first || round - _thirdRound > Rounds)
        {
            Restart(round, value);
            return;
        }

        if (value >= _second)
        {
            (_second, _third) = (value, value);
            (_secondRound, _thirdRound) = (round, round);
        }
        else if (value >= _third)
        {
            (_third, _thirdRound) = (value, round);
        }

        if (round - _firstRound > Rounds)
        {
            (_first, _firstRound) = (_second, _secondRound);
            (_second, _secondRound) = (_third, _thirdRound);
            (_third, _thirdRound) = (value, round);
        }
    }
}
