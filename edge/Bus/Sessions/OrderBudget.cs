using WeCan.Contracts;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>How many orders, subscriptions above all, a client may still give: it fills again with time.</summary>
internal sealed class OrderBudget
{
    private double _left = BusLimits.OrdersAtOnce;
    private MonoTime _at;

    public bool TrySpend(MonoTime now)
    {
        _left = Math.Min(BusLimits.OrdersAtOnce, _left + ((now - _at).Seconds * BusLimits.OrdersPerSecond));
        _at = now;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
