using WeCan.Contracts;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>How many subscriptions a client may still ask for: as many as it may have at once, and then so many a second.</summary>
internal sealed class OrderBudget
{
    private double _spent;
    private MonoTime _at;

    public bool TrySpend(MonoTime now, ClientLimits limits)
    {
        _spent = Math.Max(0, _spent - ((now - _at).Seconds * limits.SubscriptionsPerSecond));
        _at = now;
        if (_spent + 1 > limits.Subscriptions)
            return false;
        _spent++;
        return true;
    }
}
