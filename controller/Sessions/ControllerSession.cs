using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Contracts.Control.Traffic;
using WeCan.Controller.Core;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing;

namespace WeCan.Controller.Sessions;

/// <summary>
/// The controller's end of one control session, without I/O, clock or thread: the counterpart of NodeSession, driven in the
/// same way by who has the connection, while the core answers its requests. It queues no membership. It remembers which
/// version the node will hold when all that was polled has arrived, and makes the next frame, when it is asked for one, from
/// the history as it is then: what was superseded meanwhile is never sent, and a slow node costs no memory.
/// </summary>
internal sealed class ControllerSession
{
    private readonly SessionWire _wire;
    private readonly MembershipHistory _history;
    private readonly Queue<ControlMessage> _requests = [];
    private readonly MonoTime _helloUntil;
    private readonly RoutePush _routes;
    private readonly RouteDesk _desk;
    private readonly AccessPush _access;
    private readonly RoundTripWatch _roundTrips = new();
    private WelcomeMessage? _welcome;
    private CertificateMessage? _certificate;
    private RefusalMessage? _refusal;
    private IEnumerator<SnapshotMessage>? _pieces;
    private MembershipVersion _sent;
    private bool _needsSnapshot;
    private MonoTime _snapshotFrom;
    private MonoTime _snapshotWake = MonoTime.Never;
    private bool _isHelloTaken;
    private bool _isAccepted;
    private MonoTime _second;
    private int _requestsInSecond;
    private int _reportsInSecond;

    public ControllerSession(NodeId number, Fingerprint tlsKey, MembershipHistory history, RouteDesk routing, AccessBook access, MonoTime now)
    {
        Number = number;
        TlsKey = tlsKey;
        _history = history;
        (_routes, _desk, _access) = (new(number, routing), routing, new(access));
        _wire = new(now);
        _helloUntil = now + ControllerLimits.HelloWithin;
        _second = now;
    }

    /// <summary>The node at the other end, by its certificate.</summary>
    public NodeId Number { get; }

    /// <summary>The TLS key that it showed.</summary>
    public Fingerprint TlsKey { get; }

    /// <summary>The TLS key for which a certificate was made in this session, if any.</summary>
    public Fingerprint Issued { get; set; }

    public HelloMessage? Hello { get; private set; }

    /// <summary>What the node has on its disk, by its own word.</summary>
    public MembershipVersion Acknowledged { get; private set; }

    /// <summary>The routes that the node has on its disk, by its own word.</summary>
    public RoutesVersion AcknowledgedRoutes => _routes.Acknowledged;

    /// <summary>What it has on its disk of the access to the bus; null for a node that does not ask for that.</summary>
    public AccessVersion? AcknowledgedAccess => _access.Acknowledged;

    /// <summary>How long a word to the node and its answer are on their way, where that was asked for.</summary>
    public Duration RoundTripAt(MonoTime now) => _roundTrips.At(now);

    public SessionEnd? End => _wire.End;

    /// <summary>Nothing is left to be sent: the connection can be closed.</summary>
    public bool IsFinished => _wire.IsFinished;

    public SessionCounters Counters => _wire.Counters;

    public MonoTime NextTimeout
    {
        get
        {
            if (End is not null)
                return MonoTime.Never;
            var next = _isHelloTaken ? _wire.NextTimeout : MonoTime.Min(_helloUntil, _wire.NextTimeout);
            return MonoTime.Min(next, MonoTime.Min(_snapshotWake, MonoTime.Min(_routes.NextTimeout, _access.NextTimeout)));
        }
    }

    public void HandleBytes(MonoTime now, ReadOnlySpan<byte> bytes)
    {
        _wire.Add(now, bytes);
        while (_wire.TryTake(out var message))
            Handle(now, message!);
        _roundTrips.Answer(now, _wire.Answered);
    }

    public void HandleTimeout(MonoTime now)
    {
        if (!_isHelloTaken && now >= _helloUntil)
            Close(GoodbyeReason.Malformed, $"no hello came within {ControllerLimits.HelloWithin}", Duration.Zero);
        _wire.HandleTimeout(now);

        // Once is enough: a connection that is busy writing is not to wake its loop again and again.
        if (now >= _snapshotWake)
            _snapshotWake = MonoTime.Never;
        _routes.HandleTimeout(now);
        _access.HandleTimeout(now);
    }

    /// <summary>What the node asks for, for the core to decide: a hello first, then renewals, addresses, draining.</summary>
    public bool TryTakeRequest(out ControlMessage? request)
    {
        request = null;
        return End is null && _requests.TryDequeue(out request);
    }

    /// <summary>The core takes the node for a member: from here on it is led from what it holds to the newest membership.</summary>
    public void Accept(WelcomeMessage welcome)
    {
        _welcome = welcome;
        _isAccepted = true;
        _sent = Hello!.Held;
        _needsSnapshot |= !_history.Reaches(_sent);
        _routes.Begin(Hello.HeldRoutes);
    }

    public void Send(CertificateMessage certificate) => _certificate = certificate;

    public void Refuse(ControlKind refused, string text) => _refusal = new(refused, text);

    public void Close(GoodbyeReason reason, string text, Duration retryAfter) => _wire.Close(reason, text, retryAfter);

    /// <summary>The next frame to send. Call it when the one before is on its way, and when the membership has changed.</summary>
    public bool TryPollFrame(MonoTime now, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!_wire.TryPoll(out var message) && (End is not null || !TryTakeOwn(now, out message)))
            return false;
        frame = _wire.ToFrame(message!);
        return true;
    }

    private void Handle(MonoTime now, ControlMessage message)
    {
        if (message is HelloMessage hello && !_isHelloTaken)
        {
            _isHelloTaken = true;
            Hello = hello;
            _requests.Enqueue(hello);
            return;
        }

        if (!_isHelloTaken)
        {
            Close(GoodbyeReason.Malformed, $"{message.Kind} came before a hello", Duration.Zero);
            return;
        }

        switch (message)
        {
            case AckMessage ack:
                Acknowledged = ack.Version;
                break;
            case ResyncMessage:
                WantSnapshot();
                _pieces = null;
                Counters.CountResync();
                break;
            case RoutesHeldMessage held:
                _routes.Take(held);
                if (held.WantsAll)
                    Counters.CountResync();
                break;
            case AccessHeldMessage held when Hello!.Role == NodeRole.Edge:
                _access.Take(held);
                if (held.WantsAll)
                    Counters.CountResync();
                break;
            case RenewMessage or AddressesMessage or DrainingMessage or LinkReportsMessage or NodeTrafficMessage:
                Ask(now, message);
                break;
            default:
                Close(GoodbyeReason.Malformed, $"a node does not say {message.Kind} here", Duration.Zero);
                break;
        }
    }

    private void Ask(MonoTime now, ControlMessage request)
    {
        if (now >= _second + Duration.FromSeconds(1))
            (_second, _requestsInSecond, _reportsInSecond) = (now, 0, 0);
        if (IsReport(request) ? ++_reportsInSecond > ControlLimits.MaxReportsPerSecond : ++_requestsInSecond > ControlLimits.MaxRequestsPerSecond)
            Close(GoodbyeReason.TooMuch, $"more {(IsReport(request) ? "reports" : "requests")} came within a second than a node may send", Duration.FromSeconds(10));
        else
            _requests.Enqueue(request);
        if (request is LinkReportsMessage)
            TimeReport(now);
    }

    /// <summary>How late reports are is worth knowing where what they say of loads counts.</summary>
    private void TimeReport(MonoTime now)
    {
        if (_desk.CountsLoad && _roundTrips.TryAsk(now, out var number))
            _wire.Ask(number);
    }

    private static bool IsReport(ControlMessage request) => request is LinkReportsMessage or NodeTrafficMessage;

    private bool TryTakeOwn(MonoTime now, out ControlMessage? message)
    {
        message = Take(ref _welcome) ?? Take(ref _certificate) ?? Take(ref _refusal);
        return message is not null || (_isAccepted && (TryTakeMembership(now, out message) || _access.TryTake(now, out message) || _routes.TryTake(now, out message)));
    }

    private bool TryTakeMembership(MonoTime now, out ControlMessage? message)
    {
        message = null;
        if (_needsSnapshot && now >= _snapshotFrom)
        {
            _pieces = SnapshotMessage.Cut(_history.Version, _history.Snapshot).GetEnumerator();
            _snapshotFrom = now + ControlLimits.SnapshotInterval;
            (_needsSnapshot, _snapshotWake) = (false, MonoTime.Never);
        }

        if (_pieces is not null && _pieces.MoveNext())
        {
            var piece = _pieces.Current;
            message = piece;
            if (piece.IsLast)
                (_sent, _pieces) = (piece.Version, null);
            return true;
        }

        if (_needsSnapshot || _sent == _history.Version)
            return false;
        if (_history.TryMakeDelta(_sent, out var delta))
        {
            _sent = delta!.To;
            message = delta;
            return true;
        }

        // The node fell behind what is kept while it was being served: it gets the whole, and not at once again.
        WantSnapshot();
        return now >= _snapshotFrom && TryTakeMembership(now, out message);
    }

    private void WantSnapshot() => (_needsSnapshot, _snapshotWake) = (true, _snapshotFrom);

    private static ControlMessage? Take<T>(ref T? slot)
        where T : ControlMessage
    {
        var message = slot;
        slot = null;
        return message;
    }
}
