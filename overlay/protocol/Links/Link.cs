using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// One hop to one peer, from a finished handshake to its end: seals and opens datagrams, acknowledges, repairs, paces,
/// and hands whole path packets up, at once and unordered. Driven by the node that owns it, with the contract of every
/// layer: <see cref="TryOpen"/> and <see cref="TryReadDelivery"/> for what came, <see cref="HandleTimeout"/>,
/// <see cref="TryPollTransmit"/> until it says no, and <see cref="NextTimeout"/>. It promises that a packet it took is
/// delivered at the other end or counted as dropped, and that what it holds is bounded by <see cref="LinkLimits"/>.
/// </summary>
internal sealed class Link : IDisposable
{
    private readonly LinkSender _sender;
    private readonly LinkReceiver _receiver;
    private readonly LinkKeys _keys;
    private readonly DropCounters _drops;
    private readonly bool _isInitiator;
    private readonly LinkTransmitter _transmitter;
    private readonly Liveness _liveness;
    private byte[] _opened = [];
    private int _openedLength;
    private int _readAt;
    private readonly MonoTime _madeAt;
    private int _falseAcks;
    private MonoTime _lastDataAt;
    private MonoTime _trimmedAt;
    private bool _elicited;
    private bool _acked;
    private bool _isNewest;
    private int _closesLeft;
    private bool _isTrimmed = true;
    private CloseReason _closing;

    public Link(LinkOptions options, LinkKeys keys, PacketPool pool, DropCounters drops, MonoTime now)
    {
        Id = options.Id;
        PeerId = options.PeerId;
        PeerAddress = options.PeerAddress;
        _keys = keys;
        _drops = drops;
        _sender = new LinkSender(pool, drops, Counters);
        _receiver = new LinkReceiver(pool, drops);
        _liveness = new Liveness(options, _sender, _receiver, now);
        _transmitter = new LinkTransmitter(options, _sender, _receiver, _liveness, keys, Counters, now);
        if (options.MaxDatagram > 0)
            _sender.Mtu.Limit(options.MaxDatagram);
        _lastDataAt = _madeAt = now;
        _isInitiator = options.IsInitiator;
        _receiver.OnDatagram(options.HandshakeRtt > Duration.Zero ? options.HandshakeRtt : options.LongestRtt > Duration.Zero ? options.LongestRtt : null);
        if (options.FirstTime is { } firstTime)
            _receiver.OnTime(now, firstTime);
        if (options.HandshakeRtt > Duration.Zero)
            _sender.AddRttSample(now, options.HandshakeRtt);
    }

    /// <summary>What the peer writes at the head of its datagrams to this link.</summary>
    public LinkId Id { get; }

    public LinkId PeerId { get; }

    /// <summary>Where the newest authenticated datagram came from.</summary>
    public NetAddress PeerAddress { get; private set; }

    public LinkCounters Counters { get; } = new();

    public ref readonly RttEstimator Rtt => ref _sender.Rtt;

    public ref readonly ClockOffset Clock => ref _receiver.Clock;

    public Bandwidth Bandwidth => _sender.Bandwidth;

    public int DatagramSize => _sender.Mtu.DatagramSize;

    public uint KeyGeneration => _keys.Generation;

    /// <summary>Dead links neither send nor receive; the node lets them go.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Why it is dead: what the peer said, or None for silence or worn-out keys.</summary>
    public CloseReason PeerClosed { get; private set; }

    public Liveness Liveness => _liveness;

    private bool HasReceived => _receiver.NextNumber > 0;
    public int QueuedPackets(ServiceClass serviceClass) => _sender.Lanes[serviceClass]?.QueuedCount ?? 0;

    /// <summary>Those and, about, the ones in flight.</summary>
    public int HeldPackets(ServiceClass serviceClass) => _sender.Lanes[serviceClass] is { } lane ? lane.QueuedCount + lane.OutstandingSpan : 0;

    /// <summary>Whether packets of the class now wait so long that they should be marked.</summary>
    public bool IsOverThreshold(MonoTime now, ServiceClass serviceClass) => _sender.Lanes[serviceClass] is { QueuedBytes: > LinkLimits.UnmarkedBytes } lane
        && (lane.QueuedBytes > Bandwidth.BytesIn(LinkLimits.MarkQueuedTime) || (_sender.IsHeldBack && lane.WaitOf(now) > LinkLimits.MarkQueuedTime));

    /// <inheritdoc cref="LinkSender.IsStrained"/>
    public bool IsStrained(MonoTime now, PacketBuffer packet) => _sender.IsStrained(now, packet);

    /// <summary>Takes ownership of a path packet.</summary>
    public void Enqueue(MonoTime now, PacketBuffer packet)
    {
        _lastDataAt = now;
        _isTrimmed = false;
        _liveness.OnData(now);
        _sender.Lanes.LaneFor(packet.Class).Enqueue(now, packet);
    }

    /// <summary>
    /// Opens a datagram for this link into <paramref name="scratch"/>, which stays the link's to read until the
    /// deliveries have been read. False, and counted, for one that is not authentic or not new.
    /// </summary>
    public bool TryOpen(MonoTime now, NetAddress from, in SealedHeader header, ReadOnlySpan<byte> datagram, byte[] scratch)
    {
        if (IsDead)
        {
            _drops.Add(DropReason.UnknownLink);
            return false;
        }

        var number = Serial.Expand32(header.PacketNumber, _receiver.NextNumber);
        if (!_receiver.IsNew(number))
        {
            _drops.Add(DropReason.Replayed);
            return false;
        }

        if (!_keys.TryOpen(now, header.Phase, number, datagram, scratch, _sender.Rtt.ProbeTimeout))
        {
            _drops.Add(DropReason.NotAuthentic);
            return false;
        }

        // The responder made the link as it answered, and a packet of the initiator's is its answer to that.
        Duration? answeredIn = null;
        if (!HasReceived && !_isInitiator)
        {
            answeredIn = now - _madeAt;
            _liveness.OnLongestRtt(now - _madeAt);
        }

        _receiver.OnDatagram(answeredIn);

        _liveness.OnHeard(now, gapless: number == _receiver.NextNumber);
        _isNewest = _receiver.OnPacket(now, number);
        _isTrimmed = false;
        Counters.DatagramsReceived++;
        Counters.BytesReceived += datagram.Length + WireLimits.IPv4Overhead;
        Counters.Rekeys = _keys.Generation;
        if (_isNewest && from != PeerAddress && !from.IsNone)
        {
            PeerAddress = from;
            _liveness.OnPathChanging();
            _sender.OnPathChanged(now);
        }

        _opened = scratch;
        _openedLength = datagram.Length - SealedHeader.MinDatagram;
        _readAt = 0;
        _elicited = false;
        _acked = false;
        return true;
    }

    /// <summary>The next path packet in the datagram just opened; taking it in has handled every frame before it.</summary>
    public bool TryReadDelivery(MonoTime now, out ServiceClass serviceClass, out ReadOnlySpan<byte> packet)
    {
        if (_receiver.TryTakeSolved(out packet))
        {
            Counters.SymbolsSolved++;
            Counters.PacketsDelivered++;
            serviceClass = ServiceClass.Realtime;
            return true;
        }

        while (_readAt < _openedLength)
        {
            var reader = new WireReader(_opened.AsSpan(_readAt, _openedLength - _readAt));
            reader.TryReadByte(out var type);
            if (type is >= FrameType.FirstData and <= FrameType.LastData)
            {
                if (!DataFrame.TryRead(type, ref reader, out var frame))
                    break;
                _readAt = _openedLength - reader.Remaining;
                _lastDataAt = now;
                _liveness.OnData(now);
                OnElicitingFrame(now);
                if (!_receiver.TryTake(frame, out packet))
                    continue;
                Counters.PacketsDelivered++;
                serviceClass = frame.Class;
                return true;
            }

            if (type is >= FrameType.FirstRepair and <= FrameType.LastRepair)
            {
                if (!RepairFrame.TryRead(type, ref reader, out var repair))
                    break;
                _readAt = _openedLength;
                OnElicitingFrame(now);
                _lastDataAt = now;
                _receiver.TakeRepair(repair);
                return TryReadDelivery(now, out serviceClass, out packet);
            }

            if (!TryHandleFrame(now, type, ref reader) || IsDead)
                break;
            _readAt = _openedLength - reader.Remaining;
        }

        if (_readAt < _openedLength)
            _drops.Add(DropReason.MalformedFrame);
        _openedLength = 0;
        serviceClass = default;
        packet = default;
        return false;
    }

    /// <summary>The kinds of datagrams that could go now, were it this link's turn.</summary>
    public Urgency Wants(MonoTime now) => IsDead ? Urgency.None : _closing != CloseReason.None ? Urgency.Vital : _transmitter.Wants(now);

    /// <summary>It is the link's turn among the node's, for which it has waited since then; <see cref="TryPollTransmit"/> follows.</summary>
    public void OnTurn(MonoTime now, MonoTime since) => _sender.OnTurn(now, since);

    /// <summary>In line for its turn, what is due and among what it <see cref="Wants"/> wakes nobody; what its timeout has still to see to does.</summary>
    public MonoTime NextTimeout(MonoTime now, bool inLine = false)
    {
        if (IsDead || (inLine && _closing != CloseReason.None))
            return MonoTime.Never;
        var next = MonoTime.Min(Due(_receiver.AckAt), _sender.NextTimeout(now));
        next = MonoTime.Min(next, MonoTime.Min(_keys.NextTimeout(now, inLine), _liveness.NextTimeout(now, inLine)));
        next = MonoTime.Min(next, MonoTime.Min(DeafAt, MonoTime.Min(Due(_transmitter.MtuProbeAt), inLine && _transmitter.OwesPing ? MonoTime.Never : _transmitter.PingAt(_liveness.Pace))));

        // A link in use wakes often enough by itself to see that its buffers can go.
        return _isTrimmed || _liveness.Pace == LinkPace.Fast ? next : MonoTime.Min(next, TrimAt);

        MonoTime Due(MonoTime time) => inLine && time <= now ? MonoTime.Never : time;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (IsDead)
            return;
        if (DeafAt <= now || _keys.AreWornOut(now))
        {
            Die(CloseReason.None);
            return;
        }

        if (_liveness.HandleTimeout(now))
        {
            Close(CloseReason.Silence);
            return;
        }

        _keys.HandleTimeout(now);
        _sender.HandleTimeout(now);
        if (_transmitter.PingAt(_liveness.Pace) <= now || (_liveness.Pace != LinkPace.Fast && _liveness.IsBeatDue(now)))
            _transmitter.OwesPing = true;
        if (!_isTrimmed && TrimAt <= now)
            Trim(now);
    }

    /// <summary>The next datagram, sealed, into a buffer of at least <see cref="WireLimits.FullDatagram"/> bytes.</summary>
    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out int length, Urgency turn = Urgency.All)
    {
        length = 0;
        if (IsDead)
            return false;
        if (_closing == CloseReason.None)
            return _transmitter.TryPoll(now, buffer, turn, out length);
        length = _transmitter.SealClose(now, buffer, _closing);
        if (--_closesLeft <= 0)
            Die(CloseReason.None);
        return true;
    }

    /// <summary>Ends the link: a CLOSE goes out, and it is dead.</summary>
    public void Close(CloseReason reason)
    {
        if (_closing != CloseReason.None)
            return;
        _closing = reason;
        _closesLeft = reason == CloseReason.Silence ? 2 : 1;
    }

    /// <summary>The link is over: adds the packets that it holds to a list, whose owner they have from then on. What is left goes with <see cref="Dispose"/>.</summary>
    public void TakeHeld(ref PacketList held) => _sender.Lanes.TakeHeld(ref held);

    public void Dispose()
    {
        _sender.Lanes.Clear();
        _sender.Trim();
        _receiver.Trim();
        _keys.Dispose();
        _liveness.Leave();
        IsDead = true;
    }

    /// <summary>A peer that shows life, and acknowledges nothing, is no use.</summary>
    private MonoTime DeafAt => _sender.WaitingSince + Duration.Max(LinkLimits.DeafAfter, _sender.Rtt.ProbeTimeout * 50);

    /// <summary>Not before the peer would have given the link up: until then it may still repeat an old symbol.</summary>
    private MonoTime TrimAt =>
        MonoTime.Max(_lastDataAt + Duration.Max(LinkLimits.DeadAfter, _sender.Rtt.ProbeTimeout * 8) + LinkLimits.TrimAfter, _trimmedAt + LinkLimits.TrimEvery);

    private void OnElicitingFrame(MonoTime now)
    {
        if (_elicited)
            return;
        _elicited = true;
        _receiver.OnEliciting(now, _liveness.IsQuiet(now));
    }

    /// <summary>Any frame but DATA. False when the rest of the packet cannot be read.</summary>
    private bool TryHandleFrame(MonoTime now, byte type, ref WireReader reader)
    {
        switch (type)
        {
            case FrameType.Padding:
                reader.ReadRest();
                return true;
            case FrameType.Ping:
                OnElicitingFrame(now);
                return true;
            case FrameType.Ack:
                return TryHandleAck(now, ref reader);
            case FrameType.Time:
                if (!reader.TryReadUInt32(out var sentAt))
                    return false;
                _receiver.OnTime(now, sentAt);
                return true;
            case FrameType.Close:
                if (!reader.TryReadByte(out var reason))
                    return false;
                Die(reason is 0 or > (byte)CloseReason.Silence ? CloseReason.GoingAway : (CloseReason)reason);
                return true;
            case FrameType.Trial:
                if (!reader.TryReadUInt32(out var trial))
                    return false;
                _receiver.OnTrial(trial);
                return true;
            case FrameType.Life:
                if (!LifeFrame.TryRead(ref reader, out var life))
                    return false;
                _liveness.OnLife(now, life, _isNewest);
                return true;
            case FrameType.RekeyOffer or FrameType.RekeyAccept:
                OnElicitingFrame(now);
                return _keys.TryHandleFrame(now, type, ref reader);
            case >= FrameType.FirstExtension:
                OnElicitingFrame(now);
                return reader.TryReadVarInt(out var length) && length <= int.MaxValue && reader.TryReadBytes((int)length, out _);
            default:
                _drops.Add(DropReason.UnknownFrame);
                _readAt = _openedLength;
                return false;
        }
    }

    /// <summary>Only the first of a packet: a walk over all that is in flight is dear enough once.</summary>
    private bool TryHandleAck(MonoTime now, ref WireReader reader)
    {
        if (_acked)
            return false;
        _acked = true;
        var isRead = AckFrame.TryRead(ref reader, _sender.NextNumber, out var ack);
        if (!isRead || _sender.IsFalse(ack))
        {
            _drops.Add(DropReason.ImpossibleAck);
            _readAt = _openedLength;
            if (isRead || ++_falseAcks == LinkLimits.MaxFalseAcks)
                Close(CloseReason.ProtocolViolation);
            return false;
        }

        if (_sender.OnAck(now, ack) is { } answeredIn)
            _receiver.OnAnswered(now, answeredIn);
        if (_sender.AckSeenNext > 0)
            _receiver.OnAckSeen(_sender.AckSeenNext - 1);
        return true;
    }

    private void Die(CloseReason peerSaid)
    {
        IsDead = true;
        PeerClosed = peerSaid;
        (_openedLength, _readAt) = (0, 0);
    }

    /// <summary>Gives back what only traffic needs, so that an idle link is small.</summary>
    private void Trim(MonoTime now)
    {
        _isTrimmed = true;
        _trimmedAt = now;
        _opened = [];
        _receiver.Trim();
        _sender.Trim();
        _liveness.Trim();
    }
}
