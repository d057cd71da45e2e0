using WeCan.Contracts;

namespace WeCan.Controller.Routing;

/// <summary>
/// Whether so much of the network reports that routes may be computed from it. A controller that has just started, or has lost most of
/// its nodes at once, waits for the others: what it does not know of is not dead, and nodes have better routes than a part would give.
/// </summary>
internal sealed class SettleWatch
{
    private MonoTime? _until;
    private int _most;

    /// <summary>The wait begins with the first question; from each it learns how many usually report.</summary>
    public bool IsSettled(MonoTime now, int reporting, int members)
    {
        if (_until is null || reporting * 2 < _most)
            (_until, _most) = (now + ControllerLimits.RouteSettle, reporting);

        _most = Math.Max(_most, reporting);
        return now >= _until || (reporting > 0 && reporting >= members);
    }
}
