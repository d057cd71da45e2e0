namespace WeCan.Controller.Routing;

/// <summary>
/// What a direction of a link can carry by one measurement after the other, in kbit/s, and how far these are apart: from both, how wrong their mean may
/// be. Measurements that are far off again and again are another bandwidth, and it begins anew.
/// </summary>
internal readonly record struct BandwidthTrack
{
    private readonly double _deviation;
    private readonly int _count;
    private readonly int _off;

    private BandwidthTrack(double mean, double deviation, int count, int off) => (Mean, _deviation, _count, _off) = (mean, deviation, count, off);

    public double Mean { get; }

    /// <summary>The mean of many errs less than each of them does.</summary>
    public double Error => _count == 0 ? 0 : Math.Min(ControllerLimits.BandwidthErrors * _deviation / Math.Sqrt(_count), Mean / 2);

    public BandwidthTrack Take(double measured)
    {
        var apart = measured - Mean;
        var isOff = Math.Abs(apart) > (_deviation * ControllerLimits.BandwidthIsOff);
        var off = isOff ? Math.Sign(apart) == Math.Sign(_off) ? _off + Math.Sign(apart) : Math.Sign(apart) : 0;
        if (_count == 0 || Math.Abs(off) >= ControllerLimits.BandwidthTurns)
            return new(measured, measured * ControllerLimits.BandwidthShakes, 1, 0);
        var count = Math.Min(_count + 1, ControllerLimits.BandwidthMemory);
        return new(Mean + (apart / count), _deviation + ((Math.Abs(apart) - _deviation) / count), count, off);
    }
}
