using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Repair;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// The sending half of a link: lanes, packets in flight, acknowledgements taken in, loss found by threshold, time and
/// silence, and when the next datagram may go. It knows nothing of keys and frames' order: <see cref="LinkTransmitter"/> builds the packets.
/// </summary>
internal sealed class LinkSender(PacketPool pool, DropCounters drops, LinkCounters counters)
{
    private SentPackets _sent;
    private RttEstimator _rtt;
    private CongestionControl _congestion;
    private Pacer _pacer;
    private AckTrap _trap;
    private TurnWatch _turns;
    private bool _takesTurns;
    private ulong _largestAckedNext;
    private MonoTime _lastTrackedAt;
    private ReorderTolerance _reorder;
    private LossEstimate _loss;
    private StrainWatch _strain;
    private Duration _packetGap;
    private ulong _oldestLost = ulong.MaxValue;
    private MonoTime _forgetLostAt;
    private MonoTime _waitingSince;
    private MonoTime _lossAt = MonoTime.Never;
    private int _backoff;
    private int _probes;

    public LaneSet Lanes { get; } = new(pool, drops);

    public ref readonly RttEstimator Rtt => ref _rtt;

    /// <summary>What repair has to reckon with.</summary>
    public RepairConditions Conditions => new(
        _rtt.LossDelay + _reorder.Lateness + LinkLimits.AckDelay,
        OneWay,
        _packetGap,
        _loss.Rate,
        _loss.Burst);

    /// <summary>Whether runs of losses are frequent here that are too long to be repaired before such a packet's time is up.</summary>
    public bool IsStrained(MonoTime now, PacketBuffer packet)
    {
        if (_loss.Runs < RepairLimits.LeastRuns)
            return false;
        if (_strain.IsDue(now))
            _strain.Weigh(now, Conditions);
        if (!_strain.IsPossible)
            return false;
        var conditions = _strain.Conditions;
        return RepairReach.IsShort(_strain.Needed, conditions, LaneRepair.LastUseful(now, packet, conditions) - now);
    }

    /// <summary>What is known of the way over the link.</summary>
    public Crossing Crossing => new(_rtt.Min / 2, OneWay);

    /// <summary>When a repair is to go; Never when none is planned.</summary>
    public MonoTime RepairAt => Lanes[ServiceClass.Realtime]?.Repair?.NextAt ?? MonoTime.Never;

    public Bandwidth Bandwidth => _congestion.Bandwidth;

    public ulong NextNumber => _sent.Next;

    public long InFlightBytes => _sent.InFlightBytes;

    /// <summary>The same as the path sees it.</summary>
    private long WireInFlight => _sent.InFlightBytes + ((long)_sent.InFlightCount * WireLimits.IPv4Overhead);

    /// <summary>Since when an acknowledgement has been owed without any coming; Never when none is owed.</summary>
    public MonoTime WaitingSince => _sent.InFlightCount > 0 ? _waitingSince : MonoTime.Never;

    /// <summary>The number of the ACK frame's largest plus one that the peer has certainly seen.</summary>
    public ulong AckSeenNext { get; private set; }

    /// <summary>The peer has acknowledged something: it has what came with every packet before.</summary>
    public bool IsHeard => _largestAckedNext > 0;

    public PathMtu Mtu { get; } = new();

    /// <summary>A silence is to be broken: the next packet goes whatever window and pace say.</summary>
    public bool OwesProbe => _probes > 0;

    /// <summary>The last probe of a silence carries no data: where all that is long vanishes, something short must still ask.</summary>
    public bool OwesShortProbe => _probes == 1;

    /// <summary>The node's other links leave this one less than its control wants to send.</summary>
    public bool IsHeldBack { get; private set; }

    public void AddRttSample(MonoTime now, Duration rtt) => _rtt.AddSample(now, rtt, Duration.Zero);

    /// <summary>Whether a packet with data may go now.</summary>
    public bool MaySendData(MonoTime now) =>
        _probes > 0 || (_sent.HasRoom && WireInFlight < _congestion.Window(_rtt) && _pacer.MaySend(now));

    /// <summary>
    /// It is the link's turn among the node's, for which it has waited since then. Where turns come more slowly than its
    /// control wants, that counts as the application's doing: what the others took is no sample of the path.
    /// </summary>
    public void OnTurn(MonoTime now, MonoTime since)
    {
        (_takesTurns, IsHeldBack) = (true, false);
        if (!Lanes.HasWork || !MaySendData(now))
            return;
        IsHeldBack = _turns.IsBehind(now, since, _congestion.WantedRate);
        if (!IsHeldBack)
            return;
        counters.TurnsLate++;
        _congestion.OnAppLimited(WireInFlight);
    }

    /// <summary>Makes room in the ring of packets in flight when a silent peer has let it fill.</summary>
    public void EnsureRoom(MonoTime now)
    {
        while (!_sent.HasRoom)
            OnPacketLost(now, _sent.Oldest);
    }

    /// <summary>Data is to be sent: now and then a number is left out before it.</summary>
    public void LeaveOutNumber(DeterministicRandom random)
    {
        if (_trap.IsDue(_sent.Next, random))
            _trap.Set(_sent.TakeNumber(), random);
    }

    /// <summary>Whether a frame acknowledges what nobody can have received.</summary>
    public bool IsFalse(in AckFrame ack) => _trap.Catches(ack);

    public ulong OnSending(MonoTime now, ref SentPacket packet, int datagramLength, bool elicits)
    {
        var bytes = datagramLength + WireLimits.IPv4Overhead;
        counters.DatagramsSent++;
        counters.BytesSent += bytes;

        // Acknowledgements alone are not paced, and what they cost must not hold data back: nothing says whether they arrive.
        if (!elicits)
            return _sent.TakeNumber();
        _pacer.OnSent(now, bytes, _congestion.PacingRate(_rtt.SmoothedOrInitial));
        if (_takesTurns)
            _turns.OnSent(bytes, _congestion.WantedRate);
        packet.Size = (ushort)datagramLength;
        packet.SentAt = now;
        packet.Delivery = _congestion.OnSending(now, WireInFlight);
        counters.PacketsTracked++;
        _packetGap += (Duration.Min(now - _lastTrackedAt, LinkLimits.LongestPacketGap) - _packetGap) / 16;
        _lastTrackedAt = now;
        if (_sent.InFlightCount == 0)
            _waitingSince = now;
        if (_probes > 0)
            _probes--;
        var number = _sent.Add(packet);
        if (!Lanes.HasWork && !Lanes.HasShed(now, _rtt.SmoothedOrInitial))
            _congestion.OnAppLimited(WireInFlight);
        return number;
    }

    /// <summary>Takes in an acknowledgement, and says how long ago at the most what it answers was sent, less the time that the peer held it; null if it answers nothing new.</summary>
    public Duration? OnAck(MonoTime now, in AckFrame ack)
    {
        Duration? answeredIn = null;
        var newest = default(SentPacket);
        var newestNumber = 0UL;
        var any = false;
        var walk = new AckWalk(ack);
        var oldest = Math.Max(Math.Min(_sent.Oldest, _oldestLost), _sent.OldestKnown);
        for (var ahead = 0UL; ahead < LinkLimits.AckLookAhead; ahead++)
            Expect(oldest, ack.Largest, ahead);
        while (walk.TryNext(oldest, out var number))
        {
            Expect(oldest, number, LinkLimits.AckLookAhead);
            if (!_sent.IsInFlight(number))
            {
                walk.Forget();
                if (_sent.WasLost(number))
                    OnSpuriousLoss(now, number);
                continue;
            }

            ref readonly var packet = ref _sent[number];
            if (walk.TryGetSpacing(packet.SentAt, out var sent, out var received))
                _rtt.AddSpacing(sent, received);
            if (!any)
            {
                newest = packet;
                newestNumber = number;

                // The largest may be a packet that nobody waited for: what came before it tells as much.
                if (walk.TryGetAge(out var age) && age >= Duration.Zero && age <= LinkLimits.MaxSampleAge)
                {
                    _rtt.AddSample(now, now - packet.SentAt - age, ack.Delay);
                    answeredIn = Duration.Max(Duration.Zero, now - packet.SentAt - age - ack.Delay);
                }
            }

            any = true;
            OnPacketAcked(now, number, packet);
        }

        if (!any)
            return null;
        _backoff = 0;
        _probes = 0;
        _waitingSince = now;
        _largestAckedNext = Math.Max(_largestAckedNext, ack.Largest + 1);
        var isInOrder = newestNumber == 0 || !_sent.IsInFlight(newestNumber - 1);
        DetectLosses(now);
        _congestion.OnAckDone(now, newest, _rtt, WireInFlight, isInOrder);
        return answeredIn;
    }

    public MonoTime NextTimeout(MonoTime now)
    {
        var next = MonoTime.Never;
        if (_sent.InFlightCount > 0)
            next = MonoTime.Min(_lossAt, ProbeAt);
        next = MonoTime.Min(next, Lanes.ResendAt);
        var repairAt = RepairAt;
        if (repairAt > now)
            next = MonoTime.Min(next, repairAt);
        if (_pacer.NextAt > now && (Lanes.HasWork || repairAt <= now) && _sent.HasRoom && WireInFlight < _congestion.Window(_rtt))
            next = MonoTime.Min(next, _pacer.NextAt);
        return next;
    }

    public void HandleTimeout(MonoTime now)
    {
        Lanes.HandleTimeout(now);
        if (_sent.InFlightCount == 0)
            return;
        if (_lossAt <= now)
            DetectLosses(now);
        if (_sent.InFlightCount == 0 || ProbeAt > now)
            return;
        counters.ProbeTimeouts++;
        _backoff = Math.Min(_backoff + 1, 16);
        _probes = 2;
        _lastTrackedAt = now;
        Lanes.ResendOldest();
    }

    /// <summary>The peer's address has changed: what was learnt of the path is void.</summary>
    public void OnPathChanged(MonoTime now)
    {
        _rtt = default;
        _congestion = default;
        _pacer = default;
        _turns = default;
        _backoff = 0;
        Mtu.Reset(now);
    }

    public void Trim()
    {
        _sent.Trim();
        Lanes.Trim();
    }

    private Duration OneWay => (_rtt.SmoothedOrInitial / 2) + (_rtt.Jitter * 2) + RepairLimits.Handling;

    private MonoTime ProbeAt =>
        _lastTrackedAt + Duration.Min(_rtt.ProbeTimeout * (1L << _backoff), Duration.Max(LinkLimits.MaxProbeTimeout, _rtt.ProbeTimeout));

    /// <summary>An acknowledgement goes from the newest packet down: the one so far below is likely to be its too.</summary>
    private void Expect(ulong oldest, ulong number, ulong below)
    {
        if (number < oldest + below || !_sent.IsInFlight(number - below))
            return;
        ref readonly var packet = ref _sent[number - below];
        for (var run = 0; run < packet.RunCount; run++)
            Lanes[packet.Runs[run].Class]!.Expect(packet.Runs[run].First, packet.Runs[run].Count);
    }

    private void OnPacketAcked(MonoTime now, ulong number, in SentPacket packet)
    {
        _sent.Remove(number);
        _loss.OnArrived();
        _congestion.OnAcked(now, packet);
        AckSeenNext = Math.Max(AckSeenNext, packet.AckReportedNext);
        OnDelivered(packet);
        if (packet.IsRepair)
            Lanes[ServiceClass.Realtime]!.Repair?.OnSettled(now, number, arrived: true, Conditions);
    }

    private void DetectLosses(MonoTime now)
    {
        _lossAt = MonoTime.Never;
        _reorder.Relax(now);
        if (_forgetLostAt <= now)
            _oldestLost = ulong.MaxValue;
        var delay = _rtt.LossDelay + _reorder.Lateness;
        var end = _largestAckedNext == 0 ? 0 : _largestAckedNext - 1;
        for (var number = _sent.Oldest; number < end; number++)
        {
            if (!_sent.IsInFlight(number))
                continue;
            var lostAt = _sent[number].SentAt + delay;
            if (end - number >= _reorder.Distance || lostAt <= now)
                OnPacketLost(now, number);
            else
                _lossAt = MonoTime.Min(_lossAt, lostAt);
        }
    }

    /// <summary>What was sent again had arrived: wait longer next time. The copies are the peer's to tell apart.</summary>
    private void OnSpuriousLoss(MonoTime now, ulong number)
    {
        ref var packet = ref _sent[number];
        packet.WasLost = false;
        if (!packet.IsMtuProbe)
        {
            _loss.OnSpurious(number, IsLost(number - 1), IsLost(number + 1));
            _congestion.OnSpuriousLoss(packet);
        }

        counters.SpuriousLosses++;
        var end = Math.Max(_largestAckedNext, number + 1) - 1;
        _reorder.OnSpuriousLoss(now, end - number, now - packet.SentAt, _rtt.Smoothed);
        OnDelivered(packet);
    }

    /// <summary>Whether the packet is still held for lost, and counted so.</summary>
    private bool IsLost(ulong number) => _sent.WasLost(number) && !_sent[number].IsMtuProbe;

    private void OnDelivered(in SentPacket packet)
    {
        Mtu.OnAcked(packet);
        for (var run = 0; run < packet.RunCount; run++)
        {
            var lane = Lanes[packet.Runs[run].Class]!;
            var first = packet.Runs[run].First;
            for (var i = 0; i < packet.Runs[run].Count; i++)
                lane.OnAcked(first + (ulong)i);
        }
    }

    private void OnPacketLost(MonoTime now, ulong number)
    {
        var packet = _sent[number];
        _sent.Remove(number);
        _sent[number].WasLost = true;
        _oldestLost = Math.Min(_oldestLost, number);
        _forgetLostAt = now + (_rtt.ProbeTimeout * 2);
        Mtu.OnLost(now, packet);
        if (!packet.IsMtuProbe)
        {
            counters.PacketsLost++;
            _congestion.OnLost(packet);
            _loss.OnLost(number);
        }

        var conditions = Conditions;
        if (packet.IsRepair)
            Lanes[ServiceClass.Realtime]!.Repair?.OnSettled(now, number, arrived: false, conditions);
        for (var run = 0; run < packet.RunCount; run++)
        {
            var lane = Lanes[packet.Runs[run].Class]!;
            var first = packet.Runs[run].First;
            for (var i = 0; i < packet.Runs[run].Count; i++)
                lane.OnLost(now, first + (ulong)i, number, conditions);
        }
    }
}
