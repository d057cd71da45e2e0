using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Signal or Bulk flow. Keeps every segment until the destination has confirmed it; hops repair
/// by themselves, so it sends again late: a hole after more than a round trip, silence after a timeout, and then only
/// the two ends of what is out, because the answer shows what else is missing.
/// </summary>
internal sealed class StreamSender : OutboundFlow
{
    private SendWindow _window;
    private RttEstimator _rtt;
    private BootEpoch _boundLife;
    private ulong _creditEnd = TransportLimits.InitialWindow;
    private WindowShare _share;
    private int _backoff;
    private int _forced;
    private bool _mayProbeCredit;
    private bool _showsLife;
    private bool _wantsRoom;
    private MonoTime _lastHeard;

    /// <summary>
    /// Segments sent up to this time give no sample: what came before a timeout, or beyond what a CONFIRM's ranges can
    /// tell, may have arrived long before it is told.
    /// </summary>
    private MonoTime _sampleFrom = new(-1);

    /// <summary>
    /// A silence doubles the timeout, and so it stays until something arrives that was sent after it, and once, as RFC 6298 and
    /// RFC 8961 ask: by the short one the next silence would begin before a longer round trip is known.
    /// </summary>
    private MonoTime _silentAt = new(-1);
    private MonoTime _timeoutAt = MonoTime.Never;
    private MonoTime _holeAt = MonoTime.Never;
    private MonoTime _creditProbeAt = MonoTime.Never;
    private MonoTime _showLifeAt = MonoTime.Never;

    public StreamSender(OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, Lane lane, byte priority)
        : base(table, handle, shared, peer, lane, priority) => _rtt = peer.Rtt;

    /// <summary>Numbered, alive, and without any word of its destination.</summary>
    public bool IsUnanswered => !IsEnded && _boundLife == BootEpoch.None;

    public override MonoTime WaitsSince => _window.Count > 0 ? _lastHeard : MonoTime.Never;

    public override bool WantsToSend =>
        !IsEnded && (_showsLife || _window.Lost > 0 || MaySendNew);

    /// <summary>Repairs that stand for segments known to have left the network go whatever the window is.</summary>
    public override bool NeedsWindow => !_showsLife && (_window.Lost == 0 || _forced == 0);

    private bool MaySendNew => _window.HasUnsent && (_window.Sent < _creditEnd || _mayProbeCredit);

    public override SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (message.Length > WireLimits.MaxMessage)
            return SendResult.TooLong;
        var segments = Math.Max(1, (message.Length + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment);
        if (_window.Count + segments > Shared.SendMemory.BoundFor(_window.Unconfirmed))
        {
            _wantsRoom = true;
            return SendResult.WouldBlock;
        }

        if (!Shared.SendMemory.HasRoomFor(Peer, segments))
        {
            Shared.SendMemory.Block(this, segments);
            return SendResult.WouldBlock;
        }

        if (!TryBeNumbered())
        {
            Shared.SendMemory.Block(this);
            return SendResult.WouldBlock;
        }

        if (_window.Count == 0)
            _lastHeard = now;
        _window.Append(Shared, Peer, message, segments);
        Accepted++;
        number = Accepted;
        Shared.Counters.MessagesAccepted++;
        Update(now);
        return SendResult.Accepted;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(Peer.Id, Lane.RouteToken, Lane.Class, Priority, MonoTime.Never);
        length = 0;
        if (!WantsToSend)
            return false;
        if (_window.Lost > 0)
        {
            _forced = Math.Max(0, _forced - 1);
            var lost = _window.FirstLost();
            length = WriteSegment(lost, buffer);
            Shared.Counters.SegmentsRetransmitted++;
            Shared.Counters.BytesRetransmitted += _window[lost].Length;
            MarkSent(lost, now);
        }
        else if (MaySendNew)
        {
            _mayProbeCredit = false;
            var sequence = _window.Sent;
            length = WriteSegment(sequence, buffer);
            Shared.Counters.SegmentsSent++;
            Shared.Counters.BytesSent += _window[sequence].Length;
            MarkSent(sequence, now);
        }
        else
        {
            _showsLife = false;
            length = WriteSignOfLife(buffer);
        }

        Reschedule(now);
        return true;
    }

    /// <summary>
    /// What the destination has; <paramref name="ranges"/> lie above its next expected segment. It comes from the
    /// destination's latest life: an earlier one's was dropped before, and a later one's has ended the flow.
    /// </summary>
    public void HandleConfirm(MonoTime now, in ConfirmFrame frame, ReadOnlySpan<SegmentRange> ranges)
    {
        if (IsEnded)
            return;
        if (_boundLife == BootEpoch.None)
        {
            _boundLife = frame.DestinationEpoch;
            Shared.SendMemory.WakeBlocked();
        }

        var ahead = (int)(frame.Next - (uint)_window.Confirmed);
        if (ahead < 0)
        {
            Shared.Counters.Drop(TransportDrop.Duplicate);
            return;
        }

        var next = _window.Confirmed + (uint)ahead;
        if (next > _window.Sent || (ranges.Length > 0 && next + ranges[^1].Offset + ranges[^1].Length > _window.Sent))
        {
            Shared.Counters.Drop(TransportDrop.Contradiction);
            return;
        }

        _lastHeard = now;
        var progress = new ConfirmProgress { LatestSentOnce = new MonoTime(-1) };
        _window.ConfirmUpTo(next, Shared.Segments, ref progress);
        _window.MarkReceived(ranges, ref progress);
        OnProgress(now, progress, frame.Credit);
        if (ranges.Length == ConfirmFrame.MaxRanges)
            _sampleFrom = now;
        if (frame.Marked)
            Lane.Window.OnMarks(now, _rtt.Smoothed);
        Update(now);
        EndIfDone(now);
    }

    /// <summary>The destination, in its latest life, does not know the flow or refuses it.</summary>
    public void HandleReset(MonoTime now, in ResetPacket reset)
    {
        // Refused for want of room is only what was never opened; the answer to an earlier try may come late.
        if (reset.Reason == ResetReason.NoRoom && _boundLife != BootEpoch.None)
            Shared.Counters.Drop(TransportDrop.Duplicate);
        else
            End(now, ReasonOf(reset.Reason));
    }

    /// <summary>The destination has shown another life: a flow bound to one before it is over, one not bound yet goes on with the new.</summary>
    public void HandleNewLife(MonoTime now, BootEpoch life)
    {
        if (_boundLife != BootEpoch.None && _boundLife != life)
            End(now, FlowEndReason.Restarted);
    }

    /// <summary>What is on the way opens nowhere, as it was sealed for nobody who lives: it goes again, and no silence needs to tell.</summary>
    public void SendAnew(MonoTime now)
    {
        if (IsEnded)
            return;
        _window.MarkAllLost();
        _timeoutAt = MonoTime.Never;
        _backoff = 0;
        Update(now);
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (IsEnded)
            return;
        if (_window.Count > 0 && now - _lastHeard >= Shared.Options.UnreachableTimeout)
        {
            End(now, Peer.SilenceReason);
            return;
        }

        if (_timeoutAt <= now)
            OnSilence(now);
        if (_holeAt <= now)
            FindHoles(now);
        if (_creditProbeAt <= now)
        {
            _creditProbeAt = MonoTime.Never;
            _mayProbeCredit = true;
        }

        if (_showLifeAt <= now)
        {
            _showLifeAt = MonoTime.Never;
            _showsLife = _window.Confirmed > 0 && _window.Count == 0;
        }

        Update(now);
    }

    public override bool TryGetEndNotice(FlowEndReason reason, out ResetPacket notice)
    {
        notice = new ResetPacket
        {
            FromOrigin = true,
            OriginEpoch = Shared.Self,
            Flow = Number,
            DestinationEpoch = _boundLife,
            Reason = ResetReason.Unknown,
        };
        return reason is FlowEndReason.Closed or FlowEndReason.Unreachable;
    }

    protected override void EndIfDone(MonoTime now)
    {
        if (IsClosing && _window.Count == 0)
            End(now, FlowEndReason.Closed);
    }

    protected override void ReleaseAll()
    {
        Shared.SendMemory.Give(Peer, _window.ReleaseAll(Shared.Segments, Shared.SendBlocks));
        TellWindow();
    }

    private bool TryBeNumbered()
    {
        if (HasNumber)
            return true;
        if (!Peer.TryTakeNumber(this, out var number))
            return false;
        TakeNumber(number);
        return true;
    }

    private int WriteSegment(ulong sequence, Span<byte> buffer)
    {
        ref var segment = ref _window[sequence];
        var writer = new WireWriter(buffer);
        var header = HeaderOf(sequence) with { Part = segment.Part };
        header.Write(ref writer);
        writer.WriteBytes(Shared.Segments.Read(segment.Place, segment.Length));
        return writer.Length;
    }

    /// <summary>The last confirmed segment's number with nothing in it: to the destination a duplicate, which it answers.</summary>
    private int WriteSignOfLife(Span<byte> buffer)
    {
        var writer = new WireWriter(buffer);
        HeaderOf(_window.Confirmed - 1).Write(ref writer);
        return writer.Length;
    }

    private StreamHeader HeaderOf(ulong sequence) => new()
    {
        OriginEpoch = Shared.Self,
        Flow = Number,
        DestinationEpoch = _boundLife,
        Sequence = (uint)sequence,
    };

    private void MarkSent(ulong sequence, MonoTime now)
    {
        _window.MarkSent(sequence, now);
        if (_timeoutAt.IsNever)
            _timeoutAt = now + _rtt.BackedOff(_backoff);
    }

    private void OnProgress(MonoTime now, in ConfirmProgress progress, int credit)
    {
        if (progress.LatestSentOnce > _sampleFrom)
        {
            _rtt.Add(now - progress.LatestSentOnce);
            Peer.Rtt = _rtt;
        }

        if (progress.LatestSentOnce > _silentAt)
            _backoff = 0;
        if (progress.Received > 0)
        {
            _timeoutAt = MonoTime.Never;
            _share.OnReceived(progress.Received);
            Lane.Window.OnReceived(now, progress.Received);
        }

        // A segment sent to probe an exhausted credit was refused; with credit again it need not wait for its timeout.
        var creditEnd = Math.Max(_creditEnd, _window.Confirmed + (uint)credit);
        if (creditEnd > _creditEnd && _window.HasUnconfirmed && _window.Confirmed >= _creditEnd)
            _window.MarkLost(_window.Confirmed);
        _creditEnd = creditEnd;

        // What was received has left the network: as much of what is lost may go, and one more, even where segments
        // whose fate a CONFIRM's few ranges cannot tell still fill the window.
        FindHoles(now);
        if (progress.Received > 0)
            _forced = Math.Min(_window.Lost, _forced + progress.Received + 1);
        if (progress.Confirmed == 0)
            return;
        Shared.Counters.SegmentsConfirmed += progress.Confirmed;
        Shared.SendMemory.Give(Peer, progress.Confirmed);
        _window.ReleaseIfEmpty(Shared.SendBlocks);
        if (progress.Messages > 0)
        {
            Confirmed += progress.Messages;
            Shared.Counters.MessagesConfirmed += progress.Messages;
            RaiseConfirmed();
        }

        if (_wantsRoom && _window.Count <= Shared.SendMemory.BoundFor(_window.Unconfirmed) / 2)
        {
            _wantsRoom = false;
            RaiseWritable();
        }
    }

    private void OnSilence(MonoTime now)
    {
        _timeoutAt = MonoTime.Never;
        if (!_window.HasUnconfirmed)
            return;
        Shared.Counters.RetransmissionTimeouts++;
        _sampleFrom = now;
        _silentAt = now;
        _backoff++;
        if (_window.Confirmed < _creditEnd)
            Lane.Window.OnSilence(now, _rtt.Smoothed, _rtt.Timeout);
        _window.MarkEndsLost();
        _share.WriteOff(_window.InFlight);
        _forced = Math.Min(2, _window.Lost);
    }

    private void FindHoles(MonoTime now)
    {
        _holeAt = _window.FindHoles(now, _rtt.HoleAge, Lane.Window.SilentUntil, out var news);
        Lane.Window.OnLoss(now, news, _rtt.Smoothed);
    }

    private void TellWindow()
    {
        _share.Tell(Lane.Window, _window.InFlight);
        Shared.Scheduler.Resume(Lane.Window);
    }

    /// <summary>After any change: stands in line if there is something to send, and sets the timers.</summary>
    private void Update(MonoTime now)
    {
        if (WantsToSend)
            Shared.Scheduler.Wake(this);
        Reschedule(now);
    }

    private void Reschedule(MonoTime now)
    {
        TellWindow();
        if (!_window.HasUnconfirmed)
            _timeoutAt = MonoTime.Never;
        else if (_timeoutAt.IsNever)
            _timeoutAt = now + _rtt.BackedOff(_backoff);

        if (!_window.HasUnsent || _window.Sent < _creditEnd || _window.HasUnconfirmed)
            _creditProbeAt = MonoTime.Never;
        else if (_creditProbeAt.IsNever && !_mayProbeCredit)
            _creditProbeAt = now + _rtt.BackedOff(_backoff);

        if (_window.Count > 0)
            _showLifeAt = MonoTime.Never;
        else if (_showLifeAt.IsNever && HasNumber)
            _showLifeAt = now + TransportLimits.KeepAlive;

        var due = MonoTime.Min(MonoTime.Min(_timeoutAt, _holeAt), MonoTime.Min(_creditProbeAt, _showLifeAt));
        if (_window.Count > 0 && Shared.Options.UnreachableTimeout != Duration.MaxValue)
            due = MonoTime.Min(due, _lastHeard + Shared.Options.UnreachableTimeout);
        Shared.Timers.Set(this, due);
    }
}
