using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// How much may be in flight and how fast it goes, from a model of the path: the bandwidth that it delivers, its round
/// trip without queues, and what it loses by chance (of the BBR family; docs/decisions/0008). Driven by
/// <see cref="LinkSender"/> with every packet sent, acknowledged or given up. It promises that random loss, however much,
/// does not slow it down; that loss beyond chance where a queue stands does; and that whoever sends less than the path
/// carries is not held back. Phases: Startup doubles each round until a queue or loss shows or bandwidth stops growing; Drain
/// empties the queue; then, in turn, Cruise at what was measured, Up to find more, Down to leave no queue behind.
/// Invariant: it never stops a sender altogether, as the window has a floor.
/// </summary>
internal struct CongestionControl
{
    private const int InitialBytes = 64 * WireLimits.FullDatagram;
    private const int FloorBytes = 16 * WireLimits.FullDatagram;
    private const double StartupGain = 2.885;
    private const double StartupWindowGain = 2.5;
    private const double WindowGain = 2.0;
    private const double UpGain = 1.25;
    private const int UpBytes = 96 * WireLimits.FullDatagram;
    private const int MaxUpDoublings = 2;
    private const double DownGain = 0.75;
    private const double DrainedGain = 0.95;
    private const double MostPolite = 0.3;
    private const double ProbeRttGain = 0.5;
    private const double LeastKept = 0.5;
    private const int QueueSamples = 6;
    private const int CruiseRounds = 4;
    private const int MaxDownRounds = 4;

    /// <summary>Where the path was shorter once, as little as fitted it then is never in flight: draining must end by itself.</summary>
    private const int MaxDrainRounds = 3;

    private static readonly Duration ProbeRttTime = Duration.FromMilliseconds(200);
    private static readonly Duration ProbeRttAtMostEvery = Duration.FromSeconds(2);

    private BandwidthFilter _bandwidth;
    private PathRtt _path;
    private LossBaseline _chance;
    private RoundTally _tally;
    private FlightCeiling _ceiling;
    private GrowthWatch _growth;
    private long _delivered;
    private MonoTime _deliveredAt;
    private MonoTime _firstSentAt;
    private long _appLimitedUntil;
    private long _nextRoundDelivered;
    private long _round;
    private long _sampledRound;
    private long _roundBandwidth;
    private Phase _phase;
    private long _phaseRound;
    private int _phaseRounds;
    private int _queuedSamples;
    private Duration _phaseRtt;
    private Duration _jitter;
    private bool _isDrained;
    private long _queue;
    private int _undrained;
    private int _longRounds;
    private MonoTime _probedRttAt;
    private MonoTime _probeRttUntil;

    private enum Phase : byte
    {
        Startup,
        Drain,
        Cruise,
        Up,
        Down,
        ProbeRtt,
    }

    /// <summary>The bandwidth measured; zero before the first sample.</summary>
    public readonly Bandwidth Bandwidth => new(_bandwidth.Best);

    private readonly long Rate => _bandwidth.Best;

    /// <summary>
    /// Who sends less than the path carries makes no queue that lasts: what he sends, and its repairs, goes at once. After Up that
    /// may only seem so, as what waited here waits in the path's queue now.
    /// </summary>
    private readonly bool IsUnhurried =>
        Rate == 0 || (IsAppLimited && !_ceiling.IsCongested(_round) && (_phase != Phase.Down || _isDrained));

    private readonly bool IsAppLimited => _appLimitedUntil != 0 && _appLimitedUntil >= _delivered;

    /// <summary>What has to be sent so that this phase learns of the path, and not of the sender: a little more than was measured will do.</summary>
    public readonly Bandwidth WantedRate =>
        new((long)(Rate * (_phase == Phase.Startup ? 2 : Math.Clamp(PacingGain, 1, UpGain)) / (1 - _chance.Share)));

    public readonly Bandwidth PacingRate(Duration smoothedRtt)
    {
        // The smallest round trip, as a pause of either program can make the smoothed one anything.
        var rtt = _path.Min == Duration.Zero ? smoothedRtt : _path.Min;
        var atLeast = (long)(InitialBytes * 8e9 / Math.Max(rtt.Nanoseconds, 1_000_000));
        if (_phase == Phase.Startup)
            return new((long)(Math.Max(Rate, atLeast) * StartupGain));
        var rate = (long)(Rate * PacingGain / (1 - _chance.Share));
        return new(IsUnhurried ? Math.Max(atLeast, Math.Max(rate, (long)(Rate * UpGain))) : Math.Max(rate, atLeast / (IsAppLimited ? 4 : 16)));
    }

    /// <summary>
    /// How many bytes may be in flight. The round trip's variation counts beside its minimum: where acknowledgements come
    /// unevenly (a busy peer, a radio), a window for the minimum alone would measure itself smaller and smaller.
    /// </summary>
    public readonly long Window(in RttEstimator rtt)
    {
        var min = _path.Min == Duration.Zero ? rtt.Min : _path.Min;
        if (_phase == Phase.ProbeRtt)
            return Math.Max(ProductOf(min * ProbeRttGain), FloorBytes / 4);
        var gain = _phase == Phase.Startup ? StartupWindowGain : WindowGain;
        var window = ProductOf((min * gain) + (rtt.Variation * 4) + LinkLimits.AckDelay);
        if (_ceiling.Bytes != 0)
            window = Math.Min(window, Math.Max(_ceiling.Bytes, PipeBytes));
        return Math.Max(window, IsUnhurried ? InitialBytes : FloorBytes / 4);
    }

    /// <summary>What is in flight when so long a path is full and nothing waits; chance takes its part of what is sent.</summary>
    private readonly long ProductOf(Duration time) => (long)(Rate / 8e9 * time.Nanoseconds / (1 - _chance.Share));

    private readonly long PipeBytes => Math.Max(ProductOf(_path.Min + LinkLimits.Granularity), FloorBytes / 4);

    private readonly double PacingGain => _phase switch
    {
        Phase.Drain => 1 / StartupGain,

        // What nobody minds is tried harder: so a small flow beside a large one pushes as much as that. What may be minded waits for certainty.
        Phase.Up => _queuedSamples > 1 ? 1 : 1 + (UpStep * (1 << (int)Math.Min(_round - _phaseRound, MaxUpDoublings))),
        Phase.Down => _isDrained ? DrainedGain : DownGain,
        Phase.Cruise => _undrained == 0 ? 1 - Math.Min(_queue / (_path.Min.Nanoseconds * 2.0), MostPolite) : 1,
        _ => 1,
    };

    /// <summary>
    /// What is tried at first beyond the rate, as a part of it. A slow sender tries as many bytes as a fast one, up to twice its
    /// rate: what all add alike and give up in proportion, they end up sharing.
    /// </summary>
    private readonly double UpStep => Math.Clamp(UpBytes * 8e9 / Math.Max(_path.Min.Nanoseconds, 1_000_000) / Math.Max(Rate, 1), UpGain - 1, 1);

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
            InFlight = (int)Math.Min(inFlight, int.MaxValue),
            AppLimited = IsAppLimited,
            IsCalm = _phase != Phase.Startup && _phase != Phase.Up && inFlight < PipeBytes,
        };
    }

    /// <summary>There is nothing more to send: samples until what is in flight has come do not show what the path could carry.</summary>
    public void OnAppLimited(long inFlight) => _appLimitedUntil = Math.Max(_delivered + inFlight, 1);

    public void OnAcked(MonoTime now, in SentPacket packet)
    {
        _delivered += packet.Size + WireLimits.IPv4Overhead;
        _deliveredAt = now;
        _firstSentAt = MonoTime.Max(_firstSentAt, packet.SentAt);
        _tally.Packets++;
        if (packet.Delivery.IsCalm)
            _chance.Add(1, lost: 0);
    }

    /// <summary>A packet was given up. It counts before the acknowledgement that showed it, which is taken in after.</summary>
    public void OnLost(in SentPacket packet)
    {
        _tally.AddLost(packet.Delivery.InFlight);
        if (packet.Delivery.IsCalm)
            _chance.Add(1, lost: 1);
    }

    /// <summary>A packet that was given up had only been late: where all of a round's had, the path is not congested.</summary>
    public void OnSpuriousLoss(in SentPacket packet)
    {
        if (packet.Delivery.IsCalm)
            _chance.Add(0, lost: -1);
        if (!_ceiling.TryTakeBack(_round))
            _tally.Lost = Math.Max(_tally.Lost - 1, 0);
    }

    /// <summary>
    /// An acknowledgement has been taken in; <paramref name="newest"/> is the newest packet that it acknowledged. One that
    /// overtook the packet before it (not <paramref name="isInOrder"/>) came faster than the path is.
    /// </summary>
    public void OnAckDone(MonoTime now, in SentPacket newest, in RttEstimator rtt, long inFlight, bool isInOrder)
    {
        _jitter = rtt.Jitter;
        AddBandwidth(now, newest);
        if (isInOrder)
            NoteRoundTrip(now, newest);
        var roundEnded = newest.Delivery.Delivered >= _nextRoundDelivered;
        if (roundEnded)
        {
            _nextRoundDelivered = _delivered;
            _round++;
            _sampledRound += IsOfRttProbe(newest) ? 0 : 1;
            OnRound(newest.Delivery.AppLimited);
            _tally = default;
        }

        Advance(now, roundEnded, newest.Delivery.AppLimited, inFlight);
    }

    private void AddBandwidth(MonoTime now, in SentPacket newest)
    {
        var interval = Duration.Max(newest.SentAt - newest.Delivery.FirstSentAt, now - newest.Delivery.DeliveredAt);
        var bytes = _delivered - newest.Delivery.Delivered;

        // A packet from before the path changed was sent against another count.
        if (interval.Nanoseconds <= 0 || bytes <= 0)
            return;
        var rate = Contracts.Bandwidth.FromBytes(bytes, interval).BitsPerSecond;
        _tally.Rate = rate;
        if (!(newest.Delivery.AppLimited || IsOfRttProbe(newest)) || rate >= _bandwidth.Best)
            _bandwidth.Add(_sampledRound, rate);
    }

    /// <summary>What goes in ProbeRtt is held back on purpose: it shows no bandwidth, and its rounds make none of what is known old.</summary>
    private readonly bool IsOfRttProbe(in SentPacket newest) => _phase == Phase.ProbeRtt || newest.SentAt < _probedRttAt;

    /// <summary>
    /// What a round trip says of queues: whether one stands, and whether it grows, as samples in a row that are longer than
    /// what came a round trip before. A path that only jitters has the one and not the other.
    /// </summary>
    private void NoteRoundTrip(MonoTime now, in SentPacket newest)
    {
        var sample = now - newest.SentAt;
        _path.Add(now, sample);
        _phaseRtt = _phaseRtt == Duration.Zero ? sample : Duration.Min(_phaseRtt, sample);
        var threshold = _path.QueueThreshold(_jitter) + Bandwidth.TimeFor(2 * WireLimits.FullDatagram);
        _queue = Math.Max((sample - _path.Min - (threshold / 2)).Nanoseconds, 0);
        _tally.AddRoundTrip(sample, isQueued: sample > _path.Min + threshold);
        var before = newest.Delivery.DeliveredAt - newest.Delivery.FirstSentAt;
        _queuedSamples = _queue > 0 && before > Duration.Zero && sample > before + (threshold / 2) ? _queuedSamples + 1 : 0;
    }

    /// <summary>A round trip's worth is acknowledged: was its loss more than chance, and did it come with more in flight?</summary>
    private void OnRound(bool appLimited)
    {
        _longRounds = _tally.LeastRtt > (_path.Min * 2) + _path.QueueThreshold(_jitter) ? _longRounds + 1 : 0;
        var probes = _phase is Phase.Startup or Phase.Up;
        var grows = _bandwidth.Best >= _roundBandwidth * 1.25;
        _roundBandwidth = _bandwidth.Best;

        // So few packets that the floors would let them go in any case say nothing, nor does a sender who had no more to send.
        var isCongested = _tally.LostInFlight >= FloorBytes && _chance.IsExceededBy(_tally.Lost, _tally.Packets)
            && (_tally.SawQueue || (probes && !grows && !(appLimited && _phase == Phase.Startup)));
        if (_phase == Phase.Startup && !_tally.SawQueue && grows)
            _chance.Add(_tally.Packets, _tally.Lost);
        if (!isCongested)
        {
            if (_phase == Phase.Up)
                _ceiling.Raise(PipeBytes);
            return;
        }

        _ceiling.OnCongestion(_round, _tally.Lost);
        if (probes)
        {
            _ceiling.Set(_tally.LostInFlight, PipeBytes);
            _queuedSamples = QueueSamples;
        }
        else if (!appLimited && _phase != Phase.ProbeRtt)
        {
            _bandwidth.Restart(_sampledRound, Math.Max(_tally.Rate, (long)(Rate * LeastKept)));
        }
    }

    private void Advance(MonoTime now, bool roundEnded, bool appLimited, long inFlight)
    {
        switch (_phase)
        {
            case Phase.Startup:
                if (_queuedSamples >= QueueSamples || (roundEnded && !appLimited && _growth.HasStopped(Rate, 1.25)))
                    Enter(Phase.Drain);
                break;
            case Phase.Drain:
                if (_round - _phaseRound >= MaxDrainRounds || inFlight <= PipeBytes)
                    EnterCruise();
                break;
            case Phase.Cruise:
                if (roundEnded && _round - _phaseRound >= _phaseRounds && !appLimited)
                    EnterUp();
                break;
            case Phase.Up:
                if (_queuedSamples >= QueueSamples || (roundEnded && _growth.HasStopped(Rate, 1.05)))
                    Enter(Phase.Down);
                break;
            case Phase.Down:
                AdvanceDown(now, inFlight);
                break;
            case Phase.ProbeRtt:
                AdvanceProbeRtt(now, inFlight);
                return;
        }

        if (_phase != Phase.Startup && (_path.IsStale(now) || _undrained >= 2 || _longRounds >= 2))
            RenewPath(now, appLimited);
    }

    /// <summary>Empties the queue, and then stays a round below what the path holds: this shows its round trip, and what it loses by chance.</summary>
    private void AdvanceDown(MonoTime now, long inFlight)
    {
        if (!_isDrained && inFlight <= PipeBytes)
        {
            _isDrained = true;
            _phaseRound = _round;
            _phaseRtt = Duration.Zero;
        }

        if (_round - _phaseRound < (_isDrained ? 2 : MaxDownRounds))
            return;
        var isEmpty = _isDrained && _phaseRtt <= _path.Min + Duration.Max(_path.QueueThreshold(_jitter), _path.Min / 4);
        _undrained = isEmpty ? 0 : _undrained + 1;
        EnterCruise();
    }

    /// <summary>The path seems longer than it was. Who fills it makes room to see whether it is he; who does not, sees it as it is.</summary>
    private void RenewPath(MonoTime now, bool appLimited)
    {
        if (appLimited)
        {
            _path.Replace(now, _phaseRtt);
            (_undrained, _longRounds) = (0, 0);
        }
        else if (now - _probedRttAt >= ProbeRttAtMostEvery)
        {
            _probedRttAt = now;
            _probeRttUntil = MonoTime.Never;
            Enter(Phase.ProbeRtt);
        }
    }

    private void AdvanceProbeRtt(MonoTime now, long inFlight)
    {
        if (_probeRttUntil.IsNever)
        {
            if (inFlight > Math.Max(ProductOf(_path.Min * ProbeRttGain), FloorBytes / 4) + WireLimits.FullDatagram && _round - _phaseRound < MaxDownRounds)
                return;
            _probeRttUntil = now + ProbeRttTime;
            _phaseRound = _round;
            _phaseRtt = Duration.Zero;
        }
        else if (now >= _probeRttUntil && _round - _phaseRound >= 2)
        {
            _path.Replace(now, _phaseRtt);
            (_undrained, _longRounds) = (0, 0);
            _probedRttAt = now;
            EnterUp();
        }
    }

    private void EnterUp()
    {
        Enter(Phase.Up);
        _growth.Begin(Rate);
        _ceiling.BeginToRise(PipeBytes);
    }

    private void EnterCruise()
    {
        Enter(Phase.Cruise);

        // Not all senders at a bottleneck shall go up together; what has been delivered differs between them.
        _phaseRounds = CruiseRounds + (int)((ulong)_delivered * 0x9E37_79B9_7F4A_7C15 >> 62);
    }

    private void Enter(Phase phase)
    {
        _phase = phase;
        _phaseRound = _round;
        _phaseRtt = Duration.Zero;
        _queuedSamples = 0;
        _isDrained = false;
    }
}
