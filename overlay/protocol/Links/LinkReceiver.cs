using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// The receiving half of a link: which packets and symbols have come, which acknowledgement is owed and when, the
/// halves of cut packets, and the peer's clock.
/// </summary>
internal sealed class LinkReceiver(PacketPool pool, DropCounters drops)
{
    private ReceiveWindow _packets;
    private ClockOffset _clock;
    private LossHistory _losses;
    private SymbolWindow _control;
    private SymbolWindow _realtime;
    private SymbolWindow _signal;
    private SymbolWindow _bulk;
    private PieceJoiner? _pieces;
    private RepairDecoder? _repairs;
    private MonoTime _ackAt = MonoTime.Never;
    private MonoTime _ackFrom;
    private int _unacknowledged;
    private uint? _sentAt;
    private Duration? _roundTrip;

    public ulong NextNumber => _packets.Next;

    /// <summary>When an acknowledgement is due at the latest; Never when none is owed.</summary>
    public MonoTime AckAt => _ackAt;

    public bool OwesAck => !_ackAt.IsNever;

    public ref readonly ClockOffset Clock => ref _clock;

    /// <summary>What is lost on the way from the peer.</summary>
    public ref readonly LossHistory Losses => ref _losses;

    public bool IsNew(ulong number) => _packets.IsNew(number);

    /// <summary>Takes an authenticated packet's number. True when it is the highest so far.</summary>
    public bool OnPacket(MonoTime now, ulong number)
    {
        var highest = _packets.Record(number, now);
        if (highest)
            _losses.Judge(now, _packets);
        else
            _losses.OnLate(number);
        return highest;
    }

    /// <summary>
    /// The packet just taken asks for an acknowledgement. On a quiet link none has company to wait for, and goes while the node is awake;
    /// but whoever asks more often than it would wait gets no more of them than else.
    /// </summary>
    public void OnEliciting(MonoTime now, bool isQuiet)
    {
        _unacknowledged++;
        if (_unacknowledged >= LinkLimits.AckEvery || _packets.HasRecentGap(LinkLimits.AckAtOnceSpan))
            _ackAt = now;
        else if (_ackAt.IsNever)
            _ackAt = isQuiet ? MonoTime.Max(now, _ackFrom) : now + LinkLimits.AckDelay;
    }

    /// <summary>The peer tells which packet was a probe of the datagram size: that it is missing says nothing of loss.</summary>
    public void OnTrial(uint number) => _losses.Excuse(Serial.Expand32(number, NextNumber));

    /// <summary>A datagram begins to be read, of which it may be known already that it ended a round trip no longer than that.</summary>
    public void OnDatagram(Duration? roundTrip) => (_sentAt, _roundTrip) = (null, roundTrip);

    /// <summary>When the datagram being read was sent, by the peer's clock.</summary>
    public void OnTime(MonoTime now, uint sentMicroseconds)
    {
        _sentAt = sentMicroseconds;
        if (_roundTrip is { } roundTrip)
            _clock.OnRoundTrip(now, sentMicroseconds, roundTrip);
        else
            _clock.OnTime(now, sentMicroseconds);
    }

    /// <summary>The datagram being read answers what was sent so long ago.</summary>
    public void OnAnswered(MonoTime now, Duration roundTrip)
    {
        _roundTrip = roundTrip;
        if (_sentAt is { } sentAt)
            _clock.OnRoundTrip(now, sentAt, roundTrip);
    }

    /// <summary>The peer has certainly seen our report up to here.</summary>
    public void OnAckSeen(ulong next) => _packets.ForgetBelow(next);

    /// <summary>Writes the acknowledgement that is owed; returns how many ranges it took.</summary>
    public int WriteAck(ref WireWriter writer, MonoTime now)
    {
        _unacknowledged = 0;
        _ackAt = MonoTime.Never;
        _ackFrom = now + LinkLimits.AckDelay;
        return _packets.WriteAck(ref writer, now);
    }

    /// <summary>Takes a DATA frame; true when a whole path packet is there, valid until the next call.</summary>
    public bool TryTake(DataFrame frame, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        ref var window = ref WindowOf(frame.Class);
        var symbol = Serial.Expand24(frame.Symbol, window.Next);
        if (!window.TryTake(symbol))
        {
            drops.Add(DropReason.DuplicateSymbol);
            return false;
        }

        if (frame.Class == ServiceClass.Realtime)
            Repairs.OnSymbol(symbol, frame.Piece, frame.Content);
        return TryComplete(frame.Class, symbol, frame.Piece, frame.Content, out packet);
    }

    /// <summary>Takes a REPAIR frame; <see cref="TryTakeSolved"/> gives what it solves.</summary>
    public void TakeRepair(in RepairFrame frame)
    {
        // Only Realtime symbols are remembered, and so only they can be solved.
        if (frame.Class == ServiceClass.Realtime)
            Repairs.OnRepair(frame, Serial.Expand24(frame.First, _realtime.Next), _realtime);
        else
            drops.Add(DropReason.UselessRepair);
    }

    /// <summary>A path packet that repairs have solved since it was last asked, valid until the next call.</summary>
    public bool TryTakeSolved(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        while (_repairs is not null && _repairs.TryTakeSolved(out var symbol, out var piece, out var content))
        {
            if (_realtime.TryTake(symbol) && TryComplete(ServiceClass.Realtime, symbol, piece, content, out packet))
                return true;
        }

        return false;
    }

    /// <summary>The link has been silent: gives rented memory back.</summary>
    public void Trim()
    {
        _packets.Trim();
        _control.Trim();
        _realtime.Trim();
        _signal.Trim();
        _bulk.Trim();
        _pieces?.Clear();
        _pieces = null;
        _repairs?.Trim();
        _repairs = null;
    }

    private RepairDecoder Repairs => _repairs ??= new RepairDecoder(pool, drops);

    private bool TryComplete(ServiceClass serviceClass, ulong symbol, sbyte piece, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> packet)
    {
        packet = content;
        if (piece == DataFrame.Whole)
            return true;
        _pieces ??= new PieceJoiner(pool, drops);
        return _pieces.TryJoin(serviceClass, symbol, piece, content, out packet);
    }

    private ref SymbolWindow WindowOf(ServiceClass serviceClass)
    {
        switch (serviceClass)
        {
            case ServiceClass.Control:
                return ref _control;
            case ServiceClass.Realtime:
                return ref _realtime;
            case ServiceClass.Signal:
                return ref _signal;
            default:
                return ref _bulk;
        }
    }
}
