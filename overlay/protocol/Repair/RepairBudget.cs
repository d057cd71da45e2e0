using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// What repair may cost: a share of what is sent beside it, saved up to a bound, so that a bad link never drowns in its
/// own repair. Invariant: over any time repair takes no more than its share, the floor and one burst.
/// </summary>
internal struct RepairBudget
{
    private double _spent;
    private MonoTime _at;

    public readonly bool Allows => _spent < RepairLimits.BudgetBurst;

    /// <summary>Something was sent that is no repair.</summary>
    public void Earn(MonoTime now, int bytes)
    {
        var floor = RepairLimits.BudgetFloor.BytesIn(now - _at);
        _at = now;
        _spent = Math.Max(0, _spent - floor - (bytes * RepairLimits.BudgetShare));
    }

    public void Spend(MonoTime now, int bytes)
    {
        Earn(now, 0);
        _spent += bytes;
    }
}
