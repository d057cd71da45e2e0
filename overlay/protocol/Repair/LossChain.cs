namespace WeCan.Protocol.Repair;

/// <summary>
/// Gilbert's model of a lossy link: after each packet it stays in a burst or leaves it, as its mean loss and mean burst
/// length say. It answers how many repairs are enough.
/// </summary>
internal readonly ref struct LossChain
{
    private readonly double _loss;
    private readonly double _memory;

    /// <param name="loss">The share of packets lost.</param>
    /// <param name="burst">Packets lost in a row, at the mean.</param>
    /// <param name="apart">How many packets lie from one that counts to the next; the further, the less they share a fate.</param>
    public LossChain(double loss, double burst, double apart)
    {
        _loss = Math.Clamp(loss, 1e-6, 0.9);
        var leave = 1 / Math.Max(1, burst);
        var enter = Math.Min(1, leave * _loss / (1 - _loss));
        _memory = Math.Pow(Math.Clamp(1 - leave - enter, 0, 1), Math.Max(1, apart));
    }

    /// <summary>How many to send so that fewer than <paramref name="needed"/> of them arrive with at most this chance; no more than <paramref name="most"/>.</summary>
    public int CountFor(int needed, double failure, int most)
    {
        if (needed >= most)
            return most;

        // How likely it is that so many arrived, and the last one did or did not.
        Span<double> up = stackalloc double[needed];
        Span<double> down = stackalloc double[needed];
        up.Clear();
        down.Clear();
        (up[0], down[0]) = (1 - _loss, _loss);
        for (var sent = 1; sent <= most; sent++)
        {
            var failing = Step(up, down);
            if (failing <= failure)
                return sent;
        }

        return most;
    }

    /// <summary>The share of packets that are lost for good when so many repairs go with each block of so many.</summary>
    public double Residual(int block, int repairs)
    {
        var all = block + repairs;

        // How likely it is that so many were lost, and the last one was or was not.
        Span<double> up = stackalloc double[all + 1];
        Span<double> down = stackalloc double[all + 1];
        up.Clear();
        down.Clear();
        (up[0], down[0]) = (1 - _loss, _loss);
        for (var sent = 1; sent <= all; sent++)
        {
            for (var lost = sent; lost >= 0; lost--)
            {
                var toDown = (up[lost] * ToDown(fromDown: false)) + (down[lost] * ToDown(fromDown: true));
                up[lost] = up[lost] + down[lost] - toDown;
                if (lost < all)
                    down[lost + 1] = toDown;
            }

            down[0] = 0;
        }

        var share = 0.0;
        for (var lost = repairs + 1; lost <= all; lost++)
            share += (up[lost] + down[lost]) * lost / all;
        return share;
    }

    /// <summary>One more is sent; returns how likely it is that too few have arrived.</summary>
    private double Step(Span<double> up, Span<double> down)
    {
        var failing = 0.0;
        for (var arrived = up.Length - 1; arrived >= 0; arrived--)
        {
            var toDown = (up[arrived] * ToDown(fromDown: false)) + (down[arrived] * ToDown(fromDown: true));
            var toUp = arrived > 0 ? (up[arrived - 1] * (1 - ToDown(fromDown: false))) + (down[arrived - 1] * (1 - ToDown(fromDown: true))) : 0;
            (up[arrived], down[arrived]) = (toUp, toDown);
            failing += toUp + toDown;
        }

        return failing;
    }

    private double ToDown(bool fromDown) => (_loss * (1 - _memory)) + (fromDown ? _memory : 0);
}
