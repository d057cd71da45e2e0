using WeCan.Contracts;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// The congestion window of a TCP sender, in segments, as RFC 9438 (CUBIC) and RFC 9406 (HyStart++) have it. A model to
/// measure ourselves beside, driven by <see cref="CubicSender"/>.
/// </summary>
internal sealed class CubicWindow
{
    private const double Scale = 0.4;
    private const double Beta = 0.7;
    private const double FriendlyGain = 3 * (1 - Beta) / (1 + Beta);
    private const int RttSamplesPerRound = 8;
    private const int CssRounds = 5;

    private static readonly Duration MinRttThreshold = Duration.FromMilliseconds(4);
    private static readonly Duration MaxRttThreshold = Duration.FromMilliseconds(16);

    private double _threshold = double.MaxValue;
    private double _maxBefore;
    private double _friendly;
    private double _plateau;
    private double _risesFrom;
    private MonoTime _epoch = MonoTime.Never;
    private Duration _roundRtt = Duration.MaxValue;
    private Duration _lastRoundRtt = Duration.MaxValue;
    private Duration _cssRtt;
    private int _roundSamples;
    private int _cssRounds;

    public double Segments { get; private set; } = 10;

    private bool IsInSlowStart => Segments < _threshold;

    /// <summary>A round trip of data has been acknowledged.</summary>
    public void OnRound()
    {
        (_lastRoundRtt, _roundRtt, _roundSamples) = (_roundRtt, Duration.MaxValue, 0);
        if (_cssRounds > 0 && ++_cssRounds > CssRounds)
            _threshold = Segments;
    }

    public void OnAcked(MonoTime now, int segments, Duration rtt, Duration smoothed)
    {
        if (IsInSlowStart)
        {
            SlowStart(segments, rtt);
            return;
        }

        if (_epoch.IsNever)
            StartEpoch(now);
        var target = Math.Clamp(CubicAt((now - _epoch) + smoothed), Segments, 1.5 * Segments);
        _friendly += (_friendly < _maxBefore ? FriendlyGain : 1) * segments / Segments;
        var next = Segments + ((target - Segments) / Segments * segments);
        Segments = CubicAt(now - _epoch) < _friendly ? Math.Max(_friendly, Segments) : next;
    }

    public void OnLoss()
    {
        _maxBefore = Segments < _plateau ? Segments * (1 + Beta) / 2 : Segments;
        _plateau = Segments;
        Segments = Math.Max(2, Segments * Beta);
        _threshold = Segments;
        _epoch = MonoTime.Never;
        _cssRounds = 0;
    }

    public void OnTimeout()
    {
        OnLoss();
        Segments = 1;
    }

    private void SlowStart(int segments, Duration rtt)
    {
        _roundRtt = Duration.Min(_roundRtt, rtt);
        _roundSamples++;
        Segments += _cssRounds > 0 ? segments / 4.0 : segments;
        if (_roundSamples < RttSamplesPerRound || _lastRoundRtt == Duration.MaxValue)
            return;
        var threshold = Duration.Max(MinRttThreshold, Duration.Min(_lastRoundRtt / 8, MaxRttThreshold));
        if (_cssRounds == 0 && _roundRtt >= _lastRoundRtt + threshold)
            (_cssRounds, _cssRtt) = (1, _roundRtt);
        else if (_cssRounds > 0 && _roundRtt < _cssRtt)
            _cssRounds = 0;
    }

    private void StartEpoch(MonoTime now)
    {
        _epoch = now;
        _friendly = Segments;
        _maxBefore = Math.Max(_maxBefore, Segments);
        _risesFrom = Segments;
    }

    private double CubicAt(Duration sinceEpoch)
    {
        var k = Math.Cbrt((_maxBefore - _risesFrom) / Scale);
        var t = sinceEpoch.Seconds - k;
        return (Scale * t * t * t) + _maxBefore;
    }
}
