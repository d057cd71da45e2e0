using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Sealing;

/// <summary>
/// What this node needs to talk sealed with one other edge: docs/wire-format.md, section 7.8. Driven like every layer: hand it
/// what comes and the time, then ask for messages until <see cref="HasMessage"/> says no, and come back at
/// <see cref="NextTimeout"/>. It begins a handshake when something is to be sealed, resends until it is answered, and makes
/// a new session before the old one's keys are used up. Invariants: a session seals only when the peer is known to
/// have its keys; nothing that came changes what seals, but an authentic packet of a newer session or the answer to an
/// initiation of this node's; a message that is not the peer's costs one hash, what is costs within a budget, and
/// a packet of no known session costs one handshake at a time. What was recorded before a restart, and is the peer's and new
/// to this life, cannot stand in the way of a handshake for longer than <see cref="SealingLimits.PendingPatience"/> in all.
/// </summary>
internal sealed class PeerSealing(SealingLayer layer, NodeId peer, P256PublicKey key) : IDisposable
{
    private readonly PairMac? _mac = PairMac.TryCreate(layer.Own.Key, key);
    private readonly SessionSet _sessions = new();
    private WorkBudget _budget = new(SealingLimits.HandshakesPerPeer, SealingLimits.PeerRefill);
    private WorkBudget _responseBudget = new(SealingLimits.HandshakesPerPeer, SealingLimits.PeerRefill);
    private SealingAttempt? _attempt;
    private Duration _retry = SealingLimits.FirstRetry;
    private MonoTime _beginAt = MonoTime.Never;
    private MonoTime _rekeyAt = MonoTime.Never;
    private MonoTime _usedAt;
    private AnsweredInitiation _answered;

    /// <summary>When the first was answered of those that nothing has proven yet.</summary>
    private MonoTime _pendingSince;
    private int _proofs;
    private MonoTime _proofAt = MonoTime.Never;
    private MonoTime _promptedAt = new(long.MinValue / 2);
    private bool _rekeysOnUse;
    private bool _owesInitiation;
    private bool _owesAnswer;
    private bool _owesProof;

    public P256PublicKey Key { get; } = key;

    /// <summary>Since when something waits for a session; never where nothing does.</summary>
    public MonoTime WantedSince { get; private set; } = MonoTime.Never;

    /// <summary>The peer's life that the session is with which seals; none where there is no session.</summary>
    public BootEpoch PeerLife => _sessions.Current?.PeerEpoch ?? BootEpoch.None;

    /// <summary>Sessions that came to seal.</summary>
    public int Sessions { get; private set; }

    /// <summary>It has no keys any more, and never will.</summary>
    public bool IsDisposed { get; private set; }

    public bool HasMessage => !IsDisposed && (_owesAnswer || _owesInitiation || _owesProof);

    public MonoTime NextTimeout
    {
        get
        {
            if (IsDisposed)
                return MonoTime.Never;
            var next = MonoTime.Min(MonoTime.Min(_sessions.NextDrop, _beginAt), _owesProof ? MonoTime.Never : _proofAt);
            if (_attempt is { } attempt)
                next = MonoTime.Min(next, _owesInitiation ? MonoTime.Never : attempt.NextSendAt);
            else if (_beginAt.IsNever && !WantedSince.IsNever && _sessions.Pending is not null)
                next = MonoTime.Min(next, _pendingSince + SealingLimits.PendingPatience);
            return MonoTime.Min(next, _rekeyAt);
        }
    }

    /// <summary>Whether a packet can be sealed now. If not, one is on its way to be possible.</summary>
    public bool MaySeal(MonoTime now)
    {
        if (_sessions.Current is not { } current || !current.MaySeal(now))
        {
            Want(now);
            return false;
        }

        if ((_rekeysOnUse || current.IsWorn) && IsIdle)
            Begin(now);
        return true;
    }

    /// <summary>Seals a packet after <see cref="MaySeal"/> said yes; see <see cref="SealedSession.Seal"/>.</summary>
    public int Seal(MonoTime now, ServiceClass serviceClass, ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        _usedAt = now;
        return _sessions.Current!.Seal(serviceClass, packet, destination);
    }

    /// <summary>Opens a packet into a buffer of <see cref="WireLimits.MaxPathPacket"/> bytes. A session that it proves seals from here on.</summary>
    public OpenOutcome TryOpen(MonoTime now, ServiceClass serviceClass, in SealedPacket packet, Span<byte> destination, out int length)
    {
        length = packet.Packet.Length - SealedPacket.Overhead;
        if (IsDisposed || !_sessions.TryFind(packet.Session, out var session))
        {
            OnUnknownSession(now);
            return OpenOutcome.UnknownSession;
        }

        var wasProven = session.IsProven;
        var outcome = session.TryOpen(serviceClass, packet, destination);
        if (outcome != OpenOutcome.Opened)
            return outcome;
        if (length > 0)
            _usedAt = now;
        else
            _owesProof |= !session.IsInitiator;
        if (!wasProven)
            OnProven(now, session);
        return outcome;
    }

    /// <summary>Whether the peer has shown, since this was asked last, that what was sealed before the session that seals now opens nowhere.</summary>
    public bool TakeLoss() => _sessions.TakeLoss();

    public SealingOutcome HandleMessage(MonoTime now, in SealingMessage message)
    {
        if (IsDisposed || _mac is null || !_mac.IsRight(peer, layer.Own.Node, message))
            return SealingOutcome.Refused;
        return message.IsInitiation ? HandleInitiation(now, message) : HandleResponse(now, message);
    }

    /// <summary>Writes the next packet that goes to the peer as it is, in class Control; the buffer has <see cref="WireLimits.MaxPathPacket"/> bytes.</summary>
    public bool TryWrite(MonoTime now, Span<byte> buffer, out int length)
    {
        length = 0;
        if (!HasMessage)
            return false;
        if (_owesAnswer)
        {
            _owesAnswer = false;
            _answered.Answer.CopyTo(buffer);
            length = _answered.Answer.Length;
        }
        else if (_owesInitiation && _attempt is { } attempt)
        {
            _owesInitiation = false;
            length = WriteInitiation(now, attempt, buffer);
        }
        else if (_owesProof)
        {
            _owesProof = false;
            if (_sessions.Current is { } current && current.MaySeal(now))
                length = current.Seal(ServiceClass.Control, packet: [], buffer);
        }

        return length > 0;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (IsDisposed)
            return;
        _sessions.DropDue(now);
        if (_proofAt <= now)
            ShowProof(now);
        if (_rekeyAt <= now)
        {
            _rekeyAt = MonoTime.Never;
            _rekeysOnUse = now - _usedAt > SealingLimits.InUse;
            if (IsIdle && !_rekeysOnUse)
                Begin(now);
        }

        if (_attempt is { } attempt)
            Continue(now, attempt);
        else if (_beginAt <= now || (!WantedSince.IsNever && IsPendingTooLong(now)))
            Begin(now);
    }

    /// <summary>Whoever wanted a session does so no longer. The next try, if there is one, begins as slowly as this one went on.</summary>
    public void GiveUp()
    {
        WantedSince = MonoTime.Never;
        Abandon();
    }

    public void Dispose()
    {
        IsDisposed = true;
        WantedSince = MonoTime.Never;
        Abandon();
        _sessions.Dispose();
        _mac?.Dispose();
    }

    private void Want(MonoTime now)
    {
        if (IsDisposed || _mac is null)
            return;
        if (WantedSince.IsNever)
            WantedSince = now;
        Prompt(now);
    }

    /// <summary>What came shows that a session is missing, or may; whether anybody waits for one is another matter, so this is tried once.</summary>
    private void Prompt(MonoTime now)
    {
        if (_mac is not null && _attempt is null && _beginAt.IsNever && (_sessions.Pending is null || IsPendingTooLong(now)))
            Begin(now);
    }

    /// <summary>No handshake is under way, and none waits to be.</summary>
    private bool IsIdle => _attempt is null && _beginAt.IsNever && _sessions.Pending is null;

    private bool IsPendingTooLong(MonoTime now) => _sessions.Pending is not null && now - _pendingSince >= SealingLimits.PendingPatience;

    /// <summary>The initiation goes out again, or a fresh one, unless nobody needs what it is to bring.</summary>
    private void Continue(MonoTime now, SealingAttempt attempt)
    {
        if (attempt.NextSendAt > now)
            return;
        if (attempt.Sends < SealingLimits.InitiationRepeats)
            _owesInitiation = true;
        else if (!WantedSince.IsNever || _sessions.Current?.MaySeal(now) == true)
            Begin(now);
        else
            Abandon();
    }

    private void Begin(MonoTime now)
    {
        Abandon();
        _rekeysOnUse = false;
        if (!layer.TryCompute(now))
        {
            _beginAt = now + SealingLimits.PromptPause;
            return;
        }

        var counter = layer.NextCounter();
        _attempt = new(new NodeInitiator(layer.Own, Key, DrawSession(), counter, now, layer.Capabilities, layer.Random), counter);
        _owesInitiation = true;
    }

    private void Abandon()
    {
        _attempt?.Dispose();
        _attempt = null;
        _beginAt = MonoTime.Never;
        _owesInitiation = false;
    }

    private int WriteInitiation(MonoTime now, SealingAttempt attempt, Span<byte> buffer)
    {
        SealingMessage.WriteHeader(buffer, SealingMessage.Initiation, layer.Own.Epoch, attempt.Counter);
        var length = attempt.Initiator.Write(buffer[SealingMessage.HeaderLength..]) + SealingMessage.Overhead;
        _mac!.Write(layer.Own.Node, peer, buffer[..length]);
        attempt.Sends++;
        attempt.LastSentAt = now;
        attempt.NextSendAt = now + _retry;
        _retry = Duration.Min(_retry * 1.5, SealingLimits.MaxRetry);
        return length;
    }

    private SealingOutcome HandleInitiation(MonoTime now, in SealingMessage message)
    {
        if (_answered.IsRepeated(message) && _sessions.Pending is not null)
        {
            _owesAnswer = true;
            return SealingOutcome.Taken;
        }

        if (_answered.IsNewerThan(message))
            return SealingOutcome.Refused;

        // Both began at once: the lower number goes on with its own, and says so again at once; the other one answers.
        if (_attempt is { } own && layer.Own.Node < peer)
        {
            _owesInitiation |= now - own.LastSentAt >= SealingLimits.PromptPause;
            return SealingOutcome.Refused;
        }

        // Old ones may have spent the share, and this one be new: who is asked instead answers in this life.
        if (!_budget.TryTake(now) || !layer.TryCompute(now))
        {
            Prompt(now);
            return SealingOutcome.OverBudget;
        }

        _answered.Take(message);
        return TryAnswer(now, message) ? SealingOutcome.Taken : SealingOutcome.Refused;
    }

    private bool TryAnswer(MonoTime now, in SealingMessage message)
    {
        var arrival = new Arrival(NetAddress.None, now, UnderLoad: false);
        if (layer.Responder.ReadNode(message.Handshake, arrival, reply: [], out _, out var initiation) != InitiationOutcome.Accepted)
            return false;
        using (initiation)
        {
            if (initiation!.PeerStatic != Key || initiation.PeerLink.Value >= SealedPacket.SessionEnd
                || initiation.Open(out var hello) != InitiationOutcome.Accepted
                || hello.Node != peer || hello.Epoch != message.Epoch || hello.Counter != message.Counter)
                return false;
            Span<byte> answer = stackalloc byte[SealingMessage.Overhead + HandshakeLimits.MaxAnswerBytes];
            SealingMessage.WriteHeader(answer, SealingMessage.Response, message.Epoch, message.Counter);
            var length = initiation.Respond(DrawSession(), now, answer[SealingMessage.HeaderLength..], out var result) + SealingMessage.Overhead;
            _mac!.Write(layer.Own.Node, peer, answer[..length]);
            _answered.Keep(message, answer[..length]);
            _pendingSince = _sessions.Pending is null ? now : _pendingSince;
            _sessions.Add(new SealedSession(layer, peer, result, now) { DropAt = now + SealingLimits.KeepPending });
        }

        // It may be an old one, sent again by another: so an own attempt rests, and does not end, until this one is proven.
        _owesAnswer = true;
        _attempt?.RestUntil(_pendingSince + SealingLimits.PendingPatience);
        _owesInitiation &= _attempt?.NextSendAt <= now;
        return true;
    }

    private SealingOutcome HandleResponse(MonoTime now, in SealingMessage message)
    {
        if (_attempt is not { } attempt || message.Epoch != layer.Own.Epoch || message.Counter != attempt.Counter)
            return SealingOutcome.Refused;
        if (!_responseBudget.TryTake(now) || !layer.TryCompute(now))
            return SealingOutcome.OverBudget;
        if (!attempt.Initiator.TryReadResponse(message.Handshake, out var result))
            return SealingOutcome.Refused;
        if (result.PeerLink.Value >= SealedPacket.SessionEnd || result.PeerEpoch < _answered.Epoch)
        {
            result.Dispose();
            return SealingOutcome.Refused;
        }

        _answered.KnowLife(result.PeerEpoch);
        var session = new SealedSession(layer, peer, result, now);
        _sessions.Add(session);
        Promote(now, session);
        _proofs = 0;
        ShowProof(now);
        return SealingOutcome.Taken;
    }

    /// <summary>The first authentic packet of a session.</summary>
    private void OnProven(MonoTime now, SealedSession session)
    {
        if (session == _sessions.Current)
        {
            _proofAt = MonoTime.Never;
            return;
        }

        Promote(now, session);
    }

    private void Promote(MonoTime now, SealedSession session)
    {
        if (!_sessions.TryPromote(now, session))
            return;
        Abandon();
        _owesAnswer = false;
        _proofAt = MonoTime.Never;
        _retry = SealingLimits.FirstRetry;
        WantedSince = MonoTime.Never;
        _rekeyAt = session.CreatedAt + SealingLimits.RekeyAfter + (session.IsInitiator ? Duration.Zero : SealingLimits.RekeyPatience);
        _rekeysOnUse = false;
        Sessions++;
    }

    /// <summary>
    /// The initiator seals something, be it nothing, until it hears that the other one does too. If it hears nothing for so
    /// long that the other one has forgotten the session, what it seals is for nobody: it begins anew.
    /// </summary>
    private void ShowProof(MonoTime now)
    {
        _proofAt = MonoTime.Never;
        if (_sessions.Current is not { } current)
            return;
        if (now - current.CreatedAt < SealingLimits.KeepPending)
        {
            _owesProof = true;
            _proofAt = now + (SealingLimits.FirstRetry * (1 << ++_proofs));
        }
        else if (IsIdle)
        {
            Begin(now);
        }
    }

    /// <summary>
    /// The peer seals with keys that this node has not, or has no more: it is told by a handshake where there is no session
    /// at all, as after this node's restart, and by one more proof where it may not have heard of the newest.
    /// </summary>
    private void OnUnknownSession(MonoTime now)
    {
        if (IsDisposed || now - _promptedAt < SealingLimits.PromptPause)
            return;
        _promptedAt = now;
        if (_sessions.Current is null)
            Prompt(now);
        else if (_sessions.Current is { IsProven: false })
            _owesProof = true;
    }

    private LinkId DrawSession() => _sessions.DrawNumber(layer.Random, _attempt?.Initiator.OwnLink ?? LinkId.None);
}
