using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// What a link may spend on sending packets again. Only the peer knows what was lost, so a peer that says that nearly all
/// was would have everything sent for ever. So what arrives pays for the copies, and a trickle is always free, that what a
/// bad link has left gets through. Invariant: over a link's life, copies take no more bytes than
/// <see cref="LinkLimits.ResendShare"/> times what arrived, the trickle and the first allowance.
/// </summary>
internal sealed class ResendBudget
{
    private long _credit = LinkLimits.ResendAllowance;
    private MonoTime _at;

    public bool Allows => _credit > 0;

    /// <summary>When it allows a copy again by itself; only asked while it does not.</summary>
    public MonoTime NextAt => _at + LinkLimits.ResendTrickle.TimeFor(1 - _credit);

    /// <summary>Lets the trickle flow up to now.</summary>
    public void Update(MonoTime now)
    {
        var trickle = LinkLimits.ResendTrickle.BytesIn(now - _at);
        if (trickle == 0)
            return;
        _at = now;
        if (_credit < LinkLimits.ResendAllowance)
            _credit = Math.Min(_credit + trickle, LinkLimits.ResendAllowance);
    }

    /// <summary>A packet has arrived.</summary>
    public void Earn(int bytes) => _credit = Math.Min(_credit + (bytes * LinkLimits.ResendShare), LinkLimits.MostResendCredit);

    /// <summary>A copy leaves.</summary>
    public void Spend(int bytes) => _credit -= bytes;
}
