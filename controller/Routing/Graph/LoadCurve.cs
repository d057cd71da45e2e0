using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What a load costs: nothing up to <paramref name="From"/>, and from there on with the square of what is beyond, so that it is
/// <paramref name="Time"/> at <paramref name="Full"/>.
/// </summary>
internal readonly record struct LoadCurve(double From, double Full, Duration Time)
{
    /// <summary>In microseconds.</summary>
    public int CostOf(double load)
    {
        if (load <= From)
            return 0;
        var beyond = (load - From) / (Full - From);
        return (int)Math.Min(Time.Microseconds * beyond * beyond, GraphLimits.MostLoadCost);
    }
}
