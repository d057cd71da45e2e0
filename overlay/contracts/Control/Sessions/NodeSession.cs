using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Traffic;

namespace WeCan.Contracts.Control.Sessions;

/// <summary>
/// A node's end of one control session, without I/O, clock or thread. Whoever has the connection drives it: hand it what
/// came (<see cref="HandleBytes"/>) and the time when <see cref="NextTimeout"/> has come (<see cref="HandleTimeout"/>);
/// after either, send what <see cref="TryPollFrame"/> gives, take what <see cref="TryTakeMessage"/> has for the node, and
/// what changed from the replicas of membership, routes and access; write these to disk and say <see cref="Stored(MembershipVersion)"/>
/// and its like. When <see cref="End"/> is set and nothing is left to poll, close the
/// connection. The replicas outlive the session. What the node wants said is kept in
/// one place for each kind, so that only its last word waits, however slow the other side is.
/// </summary>
public sealed class NodeSession
{
    private readonly SessionWire _wire;
    private readonly MembershipReplica _replica;
    private readonly RouteReplica _routes;
    private readonly AccessReplica? _access;
    private readonly ReportOutbox _reports = new();
    private readonly Queue<ControlMessage> _forNode = [];
    private HelloMessage? _hello;
    private AckMessage? _ack;
    private ResyncMessage? _resync;
    private RenewMessage? _renew;
    private AddressesMessage? _addresses;
    private DrainingMessage? _draining;
    private RoutesHeldMessage? _routesHeld;
    private AccessHeldMessage? _accessHeld;
    private NodeTrafficMessage? _traffic;
    private bool _isWelcome;
    private bool _awaitsSnapshot;
    private bool _awaitsAllRoutes;
    private bool _awaitsAllAccess;

    /// <param name="options">What the node says of itself.</param>
    /// <param name="replica">What it holds of the membership.</param>
    /// <param name="now">The time.</param>
    /// <param name="routes">What it holds of its routes; without, it begins with none in this session.</param>
    /// <param name="access">What it holds of the access to the bus; without, it does not ask for that.</param>
    public NodeSession(NodeSessionOptions options, MembershipReplica replica, MonoTime now, RouteReplica? routes = null, AccessReplica? access = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(replica);
        _wire = new(now);
        _replica = replica;
        _routes = routes ?? new();
        replica.ForgetPieces();
        _routes.ForgetPieces();
        _access = access;
        access?.ForgetPieces();
        _hello = new()
        {
            Software = options.Software,
            Role = options.Role,
            Epoch = options.Epoch,
            Addresses = options.Addresses,
            Network = replica.Network,
            Held = replica.Version,
            HeldRoutes = _routes.Version,
            IsDraining = options.IsDraining,
        };
    }

    public SessionEnd? End => _wire.End;

    public SessionCounters Counters => _wire.Counters;

    public MonoTime NextTimeout => _wire.NextTimeout;

    /// <summary>The controller has taken this node for a member.</summary>
    public bool IsWelcome => _isWelcome && End is null;

    public void HandleBytes(MonoTime now, ReadOnlySpan<byte> bytes)
    {
        _wire.Add(now, bytes);
        while (_wire.TryTake(out var message))
            Handle(message!);
    }

    public void HandleTimeout(MonoTime now) => _wire.HandleTimeout(now);

    /// <summary>The next frame to send. Call it again when the one before is on its way.</summary>
    public bool TryPollFrame(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (!_wire.TryPoll(out var message) && (End is not null || !TryTakeOwn(out message)))
            return false;
        frame = _wire.ToFrame(message!);
        return true;
    }

    /// <summary>What the controller said to the node: a welcome, a certificate, a refusal.</summary>
    public bool TryTakeMessage(out ControlMessage? message) => _forNode.TryDequeue(out message);

    /// <summary>This version of the replica is on the node's disk.</summary>
    public void Stored(MembershipVersion version) => _ack = new(version);

    /// <summary>This version of the routes is on the node's disk.</summary>
    public void Stored(RoutesVersion version) => _routesHeld = new(version, _routesHeld is { WantsAll: true });

    /// <summary>This version of the access to the bus is on the node's disk. The first time in a session this asks to be led on from there.</summary>
    public void Stored(AccessVersion version) => _accessHeld = new(version, _accessHeld is { WantsAll: true });

    /// <summary>
    /// All links of the node as it measures them now; to be called about once a second. The session finds out what is news to the
    /// controller, and in a new session that is everything.
    /// </summary>
    public void SetReports(MonoTime now, IReadOnlyList<LinkReport> links) => _reports.Set(now, links);

    /// <summary>The node's traffic since it was told last. False where that is still waiting to be sent, or nobody listens: then it belongs to the next word.</summary>
    public bool TryTellTraffic(NodeTrafficMessage traffic)
    {
        if (!IsWelcome || _traffic is not null)
            return false;
        _traffic = traffic;
        return true;
    }

    public void Renew(byte[] request, OverlayKey key) => _renew = new(request, key);

    public void SetAddresses(IReadOnlyList<NetAddress> addresses) => _addresses = new(addresses);

    public void SetDraining(bool isOn) => _draining = new(isOn);

    /// <summary>Ends the session from this side.</summary>
    public void Close(GoodbyeReason reason, string text) => _wire.Close(reason, text, Duration.Zero);

    private void Handle(ControlMessage message)
    {
        if (message is WelcomeMessage welcome)
        {
            Welcome(welcome);
            return;
        }

        if (!_isWelcome)
        {
            _wire.Close(GoodbyeReason.Malformed, $"{message.Kind} came before a welcome", Duration.Zero);
            return;
        }

        switch (message)
        {
            case SnapshotMessage piece:
                Apply(_replica.TryAdd(piece), isSnapshot: true);
                break;
            case DeltaMessage delta when !_awaitsSnapshot:
                Apply(_replica.TryApply(delta), isSnapshot: false);
                break;
            case DeltaMessage:
                break;
            case RoutesMessage piece when piece.From is null || !_awaitsAllRoutes:
                TakeRoutes(piece);
                break;
            case RoutesMessage:
                break;
            case AccessMessage piece when _access is not null:
                TakeAccess(_access, piece);
                break;
            case CertificateMessage or RefusalMessage:
                Pass(message);
                break;
            default:
                _wire.Close(GoodbyeReason.Malformed, $"a controller does not say {message.Kind}", Duration.Zero);
                break;
        }
    }

    private void Welcome(WelcomeMessage welcome)
    {
        if (_hello is not null || _isWelcome)
            _wire.Close(GoodbyeReason.Malformed, "a welcome came that was not asked for", Duration.Zero);
        else if (welcome.Protocol != ControlLimits.Protocol)
            _wire.Close(GoodbyeReason.OtherProtocol, $"this node speaks version {ControlLimits.Protocol} only", Duration.Zero);
        else if (welcome.Network != _replica.Network)
            _wire.Close(GoodbyeReason.OtherNetwork, $"this node belongs to the network {_replica.Network}", Duration.Zero);
        else
            _isWelcome = true;
        if (End is null)
            Pass(welcome);
    }

    private void Apply(bool isApplied, bool isSnapshot)
    {
        if (isApplied)
        {
            _awaitsSnapshot &= !isSnapshot;
            return;
        }

        _resync = new();
        _awaitsSnapshot = true;
        Counters.CountResync();
    }

    private void TakeRoutes(RoutesMessage piece)
    {
        if (_routes.TryAdd(piece))
        {
            _awaitsAllRoutes &= piece.From is not null || !piece.IsLast;
            return;
        }

        _routesHeld = new(_routes.Version, WantsAll: true);
        _awaitsAllRoutes = true;
        Counters.CountResync();
    }

    private void TakeAccess(AccessReplica access, AccessMessage piece)
    {
        // What was on its way before the whole was asked for does not follow from what is held either.
        if (piece.From is not null && _awaitsAllAccess)
            return;
        if (access.TryAdd(piece))
        {
            _awaitsAllAccess &= piece.From is not null || !piece.IsLast;
            return;
        }

        _accessHeld = new(access.Version, WantsAll: true);
        _awaitsAllAccess = true;
        Counters.CountResync();
    }

    private void Pass(ControlMessage message)
    {
        if (_forNode.Count < ControlLimits.MaxMessagesWaiting)
            _forNode.Enqueue(message);
        else
            _wire.Close(GoodbyeReason.TooMuch, "more was said than this node takes", Duration.Zero);
    }

    private bool TryTakeOwn(out ControlMessage? message)
    {
        message = Take(ref _hello);
        if (message is null && _isWelcome)
            message = Take(ref _resync) ?? Take(ref _ack) ?? Take(ref _draining) ?? Take(ref _addresses) ?? Take(ref _renew) ?? Take(ref _routesHeld) ?? Take(ref _accessHeld) ?? _reports.Take() ?? Take(ref _traffic);
        return message is not null;
    }

    private static ControlMessage? Take<T>(ref T? slot)
        where T : ControlMessage
    {
        var message = slot;
        slot = null;
        return message;
    }
}
