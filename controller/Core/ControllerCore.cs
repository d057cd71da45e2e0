using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Membership;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Sessions;
using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// The controller without I/O, clock, thread or chance: who is a member, who may become one, and who is told what. One loop
/// owns it and drives it in steps. A step is any number of commands, session bytes and timeouts; at its end the loop commits
/// <see cref="TakeTransaction"/> to the store, and only then answers those who asked and polls the sessions, so that nobody
/// knows what a crash could take back. If the store refuses, the loop drops this core and loads another.
/// </summary>
internal sealed class ControllerCore
{
    /// <summary>Who is told that this controller stops asks it, or the next one, again after this.</summary>
    private static readonly Duration Later = Duration.FromSeconds(1);

    private readonly ControllerOptions _options;
    private readonly CertificateOffice _office;
    private readonly NetworkRow _network;
    private readonly StepLog _log = new();
    private readonly TokenBook _tokens;
    private readonly MemberBook _members;
    private readonly ApiBook _api;
    private readonly PolicyBook _policies;
    private readonly Enrolment _enrolment;
    private readonly SessionTable _sessions;
    private readonly NodeRequests _requests;
    private readonly RouteDesk _routing;
    private readonly Queue<string> _over = [];
    private UnixTime? _nextOver;
    private MonoTime _nextSweep;
    private bool _isStopping;

    public ControllerCore(ControllerOptions options, CertificateOffice office, ControllerState state, RouteCounters? counters = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        _options = options;
        _office = office;
        _network = state.Network ?? throw new ArgumentException("The state holds no network.", nameof(state));
        _tokens = new(state, _log);
        _members = new(state, options, _log);
        _api = new(state, _log);
        _policies = new(state, options.Policy.ToText(), _log);
        Access = new(new(state, _log), _api);
        HoldsPolicy = PolicyDocument.TryRead(_policies.Newest.Text, out var policy, out _);
        _enrolment = new(_tokens, _members, options, office);
        _sessions = new();
        _nextOver = MaintenanceRules.NextEnd(policy ?? options.Policy);
        _routing = new(policy ?? options.Policy, _members.History, counters ?? new());
        _requests = new(_members, _sessions, options, office, _network.Id, _routing);
    }

    public NetworkRow Network => _network;

    public IReadOnlyCollection<MemberRow> Members => _members.All;

    public IReadOnlyCollection<TokenRow> Tokens => _tokens.All;

    /// <summary>Who may ask over the inspection API, and who changed what.</summary>
    public ApiBook Api => _api;

    /// <summary>Who may come to the bus: keys of clients' tokens, and what was taken back.</summary>
    public AccessDesk Access { get; }

    /// <summary>The rules by which routes are chosen, and those before.</summary>
    public PolicyBook Policies => _policies;

    /// <summary>
    /// False where the newest policy was written by another version of this program, which this one does not read: what it forbids is not
    /// known, and so routes stay as nodes have them until a policy is set.
    /// </summary>
    public bool HoldsPolicy { get; private set; }

    public MembershipHistory History => _members.History;

    public IEnumerable<ControllerSession> Sessions => _sessions.All;

    public RouteDesk Routing => _routing;

    public MonoTime NextTimeout => MonoTime.Min(MonoTime.Min(_options.IsReadOnly ? MonoTime.Never : _nextSweep, HoldsPolicy ? _routing.NextTimeout : MonoTime.Never), _sessions.NextTimeout);

    /// <summary>Adds a token with an id and a secret that the caller drew. Null, where it was added; else what is wrong.</summary>
    public string? CreateToken(ControllerTime now, TokenOrder order, ulong id, Fingerprint secretHash)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Problem() is { } problem)
            return problem;
        var token = new TokenRow
        {
            Id = id,
            SecretHash = secretHash,
            Role = order.Role,
            Name = order.Name,
            Region = order.Region,
            Site = order.Site,
            Operator = order.Operator,
            UsesLeft = order.Uses,
            Created = now.Wall,
            Expires = now.Wall + order.ValidFor,
        };
        return _tokens.TryAdd(token) ? null : $"There are {_tokens.All.Count} tokens: revoke some, or wait until they have ended.";
    }

    public bool RevokeToken(ulong id) => _tokens.Revoke(id);

    /// <summary>
    /// Sets a policy where the version holds that it is to replace. Routes go by it when the step is in the store; nothing changes where
    /// the newest version says the same already and holds.
    /// </summary>
    public PolicyOutcome SetPolicy(ControllerTime now, PolicyOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var (before, text) = (_policies.Newest, order.Document.ToText());
        if (before.Version != order.Expected)
            return new(before, before, IsConflict: true);
        if (before.Text == text && HoldsPolicy)
            return new(before, before, IsConflict: false);
        var row = _policies.Add(now.Wall, order.Who, order.Comment, text);
        _api.Note(now.Wall, order.Who, $"set version {row.Version} of the policy{(order.Comment.Length > 0 ? $": {order.Comment}" : "")}");
        _routing.SetPolicy(order.Document);
        (HoldsPolicy, _nextOver) = (true, MaintenanceRules.NextEnd(order.Document));
        return new(before, row, IsConflict: false);
    }

    /// <summary>Maintenance that ended by its time, as a sentence; asked for when the step is in the store.</summary>
    public bool TryTakeOver([NotNullWhen(true)] out string? sentence) => _over.TryDequeue(out sentence);

    public EnrolOutcome Enrol(ControllerTime now, EnrolOrder order) => _enrolment.Enrol(now.Wall, order);

    /// <summary>Makes a certificate for a member. Like every answer it is given out when the step is in the store, not before.</summary>
    public IReadOnlyList<byte[]> Issue(ControllerTime now, Member member, byte[] request)
    {
        var row = _members.Find(member.Number)!;
        _members.Change(now.Wall, MemberChangeKind.Renewed, row with { Issuer = _options.Issuer });
        return _office.Issue(new(request, member.Number, member.Key, member.Expires));
    }

    /// <summary>Ends a membership, and the node's session. False where there is no such member.</summary>
    public bool Revoke(ControllerTime now, NodeId number)
    {
        if (_members.Find(number) is not { } row)
            return false;
        _members.End(now.Wall, MemberChangeKind.Revoked, row);
        _sessions.Close(number, GoodbyeReason.NotAMember, $"node {number.Value} was revoked");
        return true;
    }

    /// <summary>
    /// Somebody connected whose certificate is one of this network's, names this number and has this key. Whether that is a
    /// member still shows when it says hello.
    /// </summary>
    public ControllerSession OpenSession(ControllerTime now, NodeId number, Fingerprint tlsKey)
    {
        var session = new ControllerSession(number, tlsKey, _members.History, _routing, Access.Book, now.Mono);
        _sessions.Add(session);

        if (_options.StandsBy.Length > 0)
            session.Close(GoodbyeReason.NotLeader, _options.StandsBy, Duration.Zero);

        // Who comes back before the last of the others is gone would keep this controller from stopping.
        if (_isStopping)
            session.Close(GoodbyeReason.Stopping, $"{_options.Name} stops", Later);
        return session;
    }

    public void HandleBytes(ControllerTime now, ControllerSession session, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.HandleBytes(now.Mono, bytes);
        while (session.TryTakeRequest(out var request))
            _requests.Handle(now, session, request!);
    }

    /// <summary>The session's connection is closed, by whichever side.</summary>
    public void CloseSession(ControllerSession session) => _sessions.Remove(session);

    public void HandleTimeout(ControllerTime now)
    {
        foreach (var session in _sessions.All)
        {
            if (session.NextTimeout <= now.Mono)
                session.HandleTimeout(now.Mono);
        }

        _options.History?.HandleTimeout(now, _routing, _members.History);
        if (HoldsPolicy && !_options.IsReadOnly && now.Wall >= _nextOver)
            EndMaintenance(now);
        if (now.Mono < _nextSweep || _options.IsReadOnly)
            return;
        _nextSweep = now.Mono + ControllerLimits.SweepInterval;
        foreach (var row in _members.All.Where(row => row.Member.Expires + ControlLimits.ClockDifference <= now.Wall).ToList())
        {
            _members.End(now.Wall, MemberChangeKind.Removed, row);
            _sessions.Close(row.Member.Number, GoodbyeReason.NotAMember, $"node {row.Member.Number.Value} was not renewed in time");
        }

        _tokens.Sweep(now.Wall);
        _api.Sweep(now.Wall);
        Access.Book.Sweep(now.Wall);
        _members.Sweep(now.Wall);
    }

    /// <summary>What is over is taken from the policy, which is a version as any other: who leads does it, whoever led when it began.</summary>
    private void EndMaintenance(ControllerTime now)
    {
        if (MaintenanceRules.Expire(_routing.Document, now.Wall) is not { } rest)
            return;
        var more = rest.Over.Count - ControllerLimits.EndsNamed;
        var sentence = $"maintenance of {string.Join(", ", rest.Over.Take(ControllerLimits.EndsNamed))}{(more > 0 ? $" and {more} more" : "")} ended, as its time was over";
        var outcome = SetPolicy(now, new(rest.Document, _policies.Newest.Version, $"controller {_options.Name}", sentence));
        _over.Enqueue($"Version {outcome.Now.Version} of the policy: {sentence}");
    }

    /// <summary>What this step changed, to be committed before anybody hears of it. Null where it changed nothing.</summary>
    public StoreTransaction? TakeTransaction() => _log.IsEmpty ? null : _log.Take();

    /// <summary>
    /// A computation of routes that is due: to be done on whatever thread, and brought back with <see cref="FinishRoutes"/>. Asked for
    /// after each step.
    /// </summary>
    public RouteWork? TakeRouteWork(ControllerTime now) => HoldsPolicy ? _routing.TakeWork(now.Mono) : null;

    public void FinishRoutes(ControllerTime now, RouteTable table) => _routing.Finish(now.Mono, table);

    /// <summary>The next frame for a node. Not within a step whose transaction was not taken: it would tell what is not kept yet.</summary>
    public bool TryPollFrame(ControllerTime now, ControllerSession session, out ReadOnlyMemory<byte> frame)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _log.IsEmpty ? session.TryPollFrame(now.Mono, out frame)
            : throw new InvalidOperationException("The step's transaction has to be committed before frames are polled.");
    }

    /// <summary>Says goodbye to everybody: this controller stops.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach (var session in _sessions.All)
            session.Close(GoodbyeReason.Stopping, $"{_options.Name} stops", Later);
    }
}
