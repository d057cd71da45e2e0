using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// How much may be in flight and how fast it goes: a model of the path's bandwidth and smallest RTT, of the BBR family,
/// in a first form. It doubles its rate each round until bandwidth stops growing, drains the queue that this made, and
/// then probes a little above what it measured, one RTT in eight. Loss alone does not slow it down.
/// </summary>
internal struct CongestionControl
{
    private const int WindowFloorBytes = 16 * Wire.WireLimits.FullDatagram;
    private const int BandwidthRounds = 10;
    private const double StartupGain = 2.885;
    private const double WindowGain = 2.0;
    private const int CycleLength = 8;

    /// <summary>
    /// The queue that Startup makes is gone after two. Longer would be wrong: where the smallest RTT is of a time when the path was
    /// shorter, as little as that is never in flight, and slow rounds soon forget how fast the path is.
    /// </summary>
    private const int MaxDrainRounds = 3;

    private MaxFilter _bandwidth;
    private long _delivered;
    private MonoTime _deliveredAt;
    private MonoTime _firstSentAt;
    private long _appLimitedUntil;
    private long _nextRoundDelivered;
    private long _round;
    private long _fullBandwidth;
    private int _fullRounds;
    private long _drainedBy;
    private Phase _phase;
    private int _cycleIndex;
    private MonoTime _cycleAt;

    private enum Phase : byte
    {
        Startup,
        Drain,
        Probe,
    }

    /// <summary>The bandwidth measured; zero before the first sample.</summary>
    public readonly Bandwidth Bandwidth => new(_bandwidth.Best);

    public readonly Bandwidth PacingRate(Duration smoothedRtt)
    {
        var known = _bandwidth.Best;
        var initial = (long)(WindowFloorBytes * 8e9 / Math.Max(smoothedRtt.Nanoseconds, 1_000_000));
        return new((long)(Math.Max(known, _phase == Phase.Startup ? initial : 0) * PacingGain));
    }

    /// <summary>
    /// How many bytes may be in flight. The round trip's variation counts beside its minimum: where acknowledgements come
    /// unevenly (a busy peer, a radio), a window for the minimum alone would measure itself smaller and smaller.
    /// </summary>
    public readonly long Window(in RttEstimator rtt)
    {
        var gain = _phase == Phase.Startup ? StartupGain : WindowGain;
        var time = (rtt.Min * gain) + (rtt.Variation * 4) + LinkLimits.AckDelay;
        return Math.Max(ProductOf(time), 2 * WindowFloorBytes);
    }

    private readonly long ProductOf(Duration time) => (long)(_bandwidth.Best / 8e9 * time.Nanoseconds);

    private readonly double PacingGain => _phase switch
    {
        Phase.Startup => StartupGain,
        Phase.Drain => 1 / StartupGain,
        _ => _cycleIndex switch { 0 => 1.25, 1 => 0.75, _ => 1.0 },
    };

    public SentPacket.DeliverySnapshot OnSending(MonoTime now, long inFlight)
    {
        if (inFlight == 0)
        {
            _firstSentAt = now;
            _deliveredAt = now;
        }

        return new()
        {
            Delivered = _delivered,
            DeliveredAt = _deliveredAt,
            FirstSentAt = _firstSentAt,
            AppLimited = _appLimitedUntil != 0 && _appLimitedUntil >= _delivered,
        };
    }

    /// <summary>There is nothing more to send: samples until what is in flight has come do not show what the path could carry.</summary>
    public void OnAppLimited(long inFlight) => _appLimitedUntil = Math.Max(_delivered + inFlight, 1);

    public void OnAcked(MonoTime now, in SentPacket packet)
    {
        _delivered += packet.Size;
        _deliveredAt = now;
        _firstSentAt = MonoTime.Max(_firstSentAt, packet.SentAt);
    }

    /// <summary>An acknowledgement has been taken in; <paramref name="newest"/> is the newest packet that it acknowledged.</summary>
    public void OnAckDone(MonoTime now, in SentPacket newest, Duration minRtt, long inFlight)
    {
        var roundEnded = newest.Delivery.Delivered >= _nextRoundDelivered;
        if (roundEnded)
        {
            _nextRoundDelivered = _delivered;
            _round++;
        }

        AddSample(now, newest);
        switch (_phase)
        {
            case Phase.Startup when roundEnded && !newest.Delivery.AppLimited:
                CheckFullPipe();
                break;
            case Phase.Drain when _round >= _drainedBy || inFlight <= Math.Max(ProductOf(minRtt), WindowFloorBytes):
                EnterProbe(now);
                break;
            case Phase.Probe when now - _cycleAt > minRtt:
                _cycleIndex = (_cycleIndex + 1) % CycleLength;
                _cycleAt = now;
                break;
        }
    }

    private void AddSample(MonoTime now, in SentPacket newest)
    {
        var sending = newest.SentAt - newest.Delivery.FirstSentAt;
        var acking = now - newest.Delivery.DeliveredAt;
        var interval = Duration.Max(sending, acking);
        var bytes = _delivered - newest.Delivery.Delivered;

        // A packet from before the path changed was sent against another count.
        if (interval.Nanoseconds <= 0 || bytes <= 0)
            return;
        var rate = Contracts.Bandwidth.FromBytes(bytes, interval).BitsPerSecond;
        if (!newest.Delivery.AppLimited || rate >= _bandwidth.Best)
            _bandwidth.Add(_round, rate);
    }

    private void CheckFullPipe()
    {
        if (_bandwidth.Best >= _fullBandwidth * 5 / 4)
        {
            _fullBandwidth = _bandwidth.Best;
            _fullRounds = 0;
            return;
        }

        if (++_fullRounds < 3)
            return;
        _phase = Phase.Drain;
        _drainedBy = _round + MaxDrainRounds;
    }

    private void EnterProbe(MonoTime now)
    {
        _phase = Phase.Probe;
        _cycleIndex = 2;
        _cycleAt = now;
    }

    /// <summary>The largest value of the last rounds: the best three in falling order, each with its round.</summary>
    private struct MaxFilter
    {
        private long _first, _second, _third;
        private long _firstRound, _secondRound, _thirdRound;

        public readonly long Best => _first;

        public void Add(long round, long value)
        {
            if (value >= _first || round - _thirdRound > BandwidthRounds)
            {
                (_first, _second, _third) = (value, value, value);
                (_firstRound, _secondRound, _thirdRound) = (round, round, round);
                return;
            }

            if (value >= _second)
            {
                (_second, _third) = (value, value);
                (_secondRound, _thirdRound) = (round, round);
            }
            else if (value >= _third)
            {
                (_third, _thirdRound) = (value, round);
            }

            if (round - _firstRound > BandwidthRounds)
            {
                (_first, _firstRound) = (_second, _secondRound);
                (_second, _secondRound) = (_third, _thirdRound);
                (_third, _thirdRound) = (value, round);
            }
        }
    }
}
