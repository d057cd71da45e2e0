using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Health;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Routing;

/// <summary>
/// When routes are computed, and which are the newest. Whoever drives the core takes the work that is due, does it wherever it likes,
/// and brings back what came of it; meanwhile no more is given out. Nothing here is kept on a disk: nodes keep their
/// routes, and tell a controller that starts anew all about their links.
/// </summary>
internal sealed class RouteDesk(PolicyDocument document, MembershipHistory history, RouteCounters counters)
{
    private readonly SettleWatch _settle = new();
    private readonly RouteComputer _computer = new();
    private readonly MovedBook _moved = new();
    private PolicyTerms? _terms;
    private MissingRoutes? _news;
    private RouteWork? _underWay;
    private MonoTime _startedAt;
    private MonoTime _judgeAt;
    private Duration _took;
    private bool _hasStarted;
    private bool _isUrgent;
    private bool _hasNews;
    private MembershipVersion _version;
    private int _members;
    private int _draining;
    private int _unlinked;
    private (RouteClass Service, NodeId Origin, NodeId Destination)? _missing;

    public LinkBook Links { get; } = new();

    /// <summary>Who fails, and carries nothing for others.</summary>
    public Elimination Health { get; } = new();

    public RouteTable Table { get; private set; } = RouteTable.Empty;

    /// <summary>The network as the newest computation took it; nobody changes it any more.</summary>
    public Topology Topology { get; private set; } = Topology.Empty;

    /// <summary>What is wanted of routes.</summary>
    public PolicyDocument Document { get; private set; } = document;

    public RoutePolicy Policy { get; private set; } = document.ToRoutePolicy();

    public RouteCounters Counters => counters;

    /// <summary>How many nodes reported lately, at the last look.</summary>
    public int Reporting { get; private set; }

    /// <summary>
    /// Pairs of nodes that report, each direction counted, to which no way leads for this class: those that routes were computed for, and all of a
    /// node that has no link at all, as that is in no route.
    /// </summary>
    public int WithoutWay(RouteClass service) => Table.MissingOf[(int)service] + (_unlinked * ((2 * Table.Nodes) + _unlinked - 1));

    /// <summary>One of the pairs that routes were computed for and that have no way, where one is known.</summary>
    public (RouteClass Service, NodeId Origin, NodeId Destination)? ExampleWithoutWay =>
        _missing is { } pair && Table.Missing > 0 && Table.Of(pair.Origin) is { } routes && Table.Of(pair.Destination) is not null && routes.To(pair.Service, pair.Destination).IsNone ? pair : null;

    /// <summary>Members that the policy has in maintenance.</summary>
    public int CountMaintained() => history.Snapshot.Count(member => Terms.IsUnderMaintenance(member.Number));

    /// <summary>When there may be work to take.</summary>
    public MonoTime NextTimeout => _underWay is not null ? MonoTime.Never : DueAt;

    private MonoTime DueAt => _hasStarted ? _startedAt + (_isUrgent ? ControllerLimits.UrgentRouteInterval : Interval) : MonoTime.Zero;

    private Duration Interval =>
        Duration.Max(ControllerLimits.RouteInterval, Duration.Min(_took * ControllerLimits.RouteRests, ControllerLimits.LongestRouteInterval));

    /// <summary>Another policy: the next computation goes by it, and is due at once.</summary>
    public void SetPolicy(PolicyDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        (Document, Policy, _terms, _isUrgent) = (document, document.ToRoutePolicy(), null, true);
    }

    public void Take(MonoTime now, NodeId node, LinkReportsMessage message)
    {
        _isUrgent |= Links.Take(now, node, message);
        _hasNews |= message.Links.Count > 0 || message.IsFull;
        counters.Reported(message.Links.Count, message.Links.Count(link => !Reporter.CanBe(node, link) || !history.Holds(link.Peer)));
    }

    /// <summary>How long a word to the node and its answer take, by its session.</summary>
    public void TakeRoundTrip(NodeId node, Duration time) => Links.TakeRoundTrip(node, time);

    /// <summary>
    /// The computation that is due now, if any: at once where somebody drains, was taken out, or lost a link; else soon where
    /// anything is new, as soon as a network of this size lets it.
    /// </summary>
    public RouteWork? TakeWork(MonoTime now)
    {
        if (_version != history.Version)
            NoteMembers();
        if (_underWay is not null || now < DueAt)
            return null;
        (_startedAt, _hasStarted) = (now, true);
        _hasNews |= Links.Sweep(now, history.Members.Select(member => member.Number).ToHashSet());
        Reporting = Links.CountReporting(now);
        if (!_settle.IsSettled(now, Reporting, _members))
            return null;
        _hasNews |= _moved.Sweep(now, Links);
        _hasNews |= IsJudgementDue(now) && Health.Judge(now, history.Snapshot, Links);
        if (!_hasNews && !_isUrgent)
            return null;
        (_hasNews, _isUrgent) = (false, false);
        Topology = Survey(now, Terms, out var isUnsettled).Sharing(Topology);
        _unlinked = Links.Reporters.Count(pair => pair.Value.Counts(now) && Topology.IndexOf(pair.Key) < 0);

        // Loads that are on their way are looked at again without a report.
        _hasNews = isUnsettled;
        return _underWay = new(_computer, Topology, Policy, Table);
    }

    /// <summary>Brings back what came of the work that was taken.</summary>
    public void Finish(MonoTime now, RouteTable table)
    {
        _underWay = null;
        _took = now - _startedAt;
        counters.Computed(table == Table ? 0 : table.Changed);
        _moved.Add(now, table.Moves);
        if (table.Missing > 0 != Table.Missing > 0)
            _news = new(table.Missing, table.MissingExample);

        _missing = table.MissingExample ?? _missing;

        // Who waits for a turn has it in the next round.
        _hasNews |= table.Waiting > 0;
        Table = table;
    }

    /// <summary>All evidence is a look at every link, which is not worth it more often unless one has died.</summary>
    private bool IsJudgementDue(MonoTime now)
    {
        if (!_isUrgent && now < _judgeAt)
            return false;
        _judgeAt = now + HealthLimits.JudgeInterval;
        return true;
    }

    /// <summary>That pairs have no way, or that all have one again: once for each time that this changes.</summary>
    public bool TryTakeNews([NotNullWhen(true)] out MissingRoutes? news)
    {
        (news, _news) = (_news, null);
        return news is not null;
    }

    /// <summary>By the newest look at the network, what links carry matters to routes.</summary>
    public bool CountsLoad => _terms is { CountsLoad: true };

    /// <summary>The policy as it is worked out for the members.</summary>
    public PolicyTerms Terms => _terms ??= new(Document, history.Snapshot);

    /// <summary>The network as another policy would have it, by what nodes said last.</summary>
    public Topology Under(MonoTime now, PolicyDocument other) => Survey(now, new(other, history.Snapshot), out _);

    private Topology Survey(MonoTime now, PolicyTerms terms, out bool isUnsettled)
    {
        var survey = Links.Survey(now, history.Snapshot, terms);
        var topology = survey.ToTopology(now, Health, _moved);
        isUnsettled = survey.IsUnsettled;
        return topology;
    }

    private void NoteMembers()
    {
        var draining = history.Members.Count(member => member.State == MemberState.Draining);
        _isUrgent |= draining != _draining || history.Members.Count < _members;
        (_hasNews, _terms) = (true, null);
        (_version, _members, _draining) = (history.Version, history.Members.Count, draining);
    }
}
