using WeCan.Contracts;

namespace WeCan.Protocol.Sealing;

/// <summary>So many pieces of work at once, and one more after each pause: one number, whatever is asked of it.</summary>
internal struct WorkBudget(int most, Duration refill)
{
    private MonoTime _paidUntil;

    public bool TryTake(MonoTime now)
    {
        var paidUntil = MonoTime.Max(_paidUntil, now) + refill;
        if (paidUntil - now > refill * most)
            return false;
        _paidUntil = paidUntil;
        return true;
    }
}
