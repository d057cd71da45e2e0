namespace WeCan.Protocol.Links;

/// <summary>
/// How likely chance alone would have made a silence, were the path what it was measured to be: the product, over all
/// packets that should have come, of the chance that one more is missing after those before. Of an answer to a question,
/// the question may be lost as well, so that the state of the way there is carried along.
/// </summary>
internal struct SilenceChance
{
    /// <summary>The chance of the silence so far, together with the way there being outside a burst, and inside one.</summary>
    private double _open;
    private double _shut;

    public double Value { readonly get; private set; }

    /// <summary>Packets counted as missing since the peer was heard.</summary>
    public int Missing { readonly get; private set; }

    /// <summary>The peer was heard.</summary>
    public void Reset()
    {
        Missing = 0;
        Value = 1;
    }

    /// <summary>A packet that the peer promised has not come.</summary>
    public void MissPromised(LossModel from, LossModel to)
    {
        var lost = Begin(from, to);
        (_open, _shut) = (_open * lost, _shut * lost);
        Value = _open + _shut;
    }

    /// <summary>The answer to a question has not come.</summary>
    public void MissAnswer(LossModel from, LossModel to)
    {
        var lost = Begin(from, to);
        var open = (_open * (1 - to.Enter)) + (_shut * (1 - to.Stay));
        var shut = (_open * to.Enter) + (_shut * to.Stay);
        (_open, _shut) = (open * lost, shut);
        Value = _open + _shut;
    }

    private double Begin(LossModel from, LossModel to)
    {
        if (Missing++ > 0)
            return from.Stay;
        (_open, _shut) = (1 - to.Loss, to.Loss);
        return from.Loss;
    }
}
