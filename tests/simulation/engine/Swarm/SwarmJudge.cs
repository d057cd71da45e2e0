using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Holds what the applications of a swarm see against the design's words (sections 3 and 9), message by message: Signal
/// and Bulk once, in order, unchanged, and confirmed only when delivered; Realtime once in each life of its destination, unchanged and never late. It
/// keeps the first thing that is wrong. It knows true time and all nodes, which nobody inside the run does.
/// </summary>
internal sealed class SwarmJudge(SwarmPlan plan, Func<MonoTime> now, SwarmStory? story) : ISwarmWitness
{
    private readonly List<StreamLedger?> _streams = [];
    private readonly List<RealtimeLedger?> _realtime = [];
    private readonly Dictionary<(int Place, BootEpoch Life, FlowId Flow), StreamLedger> _inbound = [];
    private readonly BootEpoch[] _lives = new BootEpoch[plan.Nodes.Length];
    private readonly MonoTime[] _startedAt = new MonoTime[plan.Nodes.Length];
    private readonly Duration?[] _clockErrors = new Duration?[plan.Flows.Length];
    private readonly int[] _hops = [.. plan.Flows.Select(flow => plan.RoutesOf(flow).Sum(route => route.Length - 1))];
    private readonly RemovalLedger _removals = new(plan);
    private readonly int[] _clientLinks = new int[plan.Nodes.Length];
    private byte[] _expected = new byte[4_096];
    private MulticastJudge? _multicasts;
    private ClientJudge? _clients;
    private long _outstanding;

    public SwarmFailure? Failure { get; private set; }

    public SwarmTally Tally { get; } = new();

    /// <summary>Messages of living Signal and Bulk flows, to one and to many, that are accepted and not confirmed.</summary>
    public long Outstanding => _outstanding + Multicasts.Outstanding;

    public IEnumerable<StreamLedger> Streams => _streams.OfType<StreamLedger>();

    public IEnumerable<RealtimeLedger> Realtime => _realtime.OfType<RealtimeLedger>();

    public MulticastJudge Multicasts => _multicasts ??= new MulticastJudge(this, plan, now);

    public ClientJudge Clients => _clients ??= new ClientJudge(plan, this, now);

    public LinkLedger Links { get; } = new(plan);

    public MonoTime StartedAt(int place) => _startedAt[place];

    /// <summary>A node's program starts its next life.</summary>
    public void OnStarted(int place, BootEpoch life)
    {
        _lives[place] = life;
        _startedAt[place] = now();
        _clientLinks[place] = 0;
        _removals.OnStarted(place);
        Tell($"n{place + 1} starts as {life}");
    }

    public BootEpoch LifeOf(int place) => _lives[place];

    /// <summary>Some node was told that this one is no member, and ended its flows to it, of which this one may never hear.</summary>
    public bool WasRemoved(int place) => Enumerable.Range(0, plan.Nodes.Length).Any(other => _removals.HasRemoved(other, place, MonoTime.Zero));

    /// <summary>Clients' links that a node has told of and not said to be gone.</summary>
    public int ClientLinksOf(int place) => _clientLinks[place];

    public FlowUse OnOpened(SwarmFlow flow, BootEpoch life)
    {
        var use = new FlowUse((uint)_streams.Count, flow, life);
        _streams.Add(flow.IsRealtime ? null : new StreamLedger(use, now()));
        _realtime.Add(flow.IsRealtime ? new RealtimeLedger(use, now(), _clockErrors[flow.Index] ??= ClockError.Of(plan, flow)) : null);
        Tell($"{use} opens");
        return use;
    }

    public void OnAccepted(FlowUse use, ulong number, int size)
    {
        Tally.OfferedBytes += (long)(size + SwarmLimits.BytesAroundMessage) * _hops[use.Flow.Index];
        if (_realtime[(int)use.Number] is { } realtime)
        {
            Tally.RealtimeAccepted++;
            realtime.Accept(now(), size);
            return;
        }

        Tally.StreamsAccepted++;
        _outstanding++;
        _streams[(int)use.Number]!.Accept(size);
    }

    public void OnConfirmed(FlowUse use, ulong messages)
    {
        if (_streams[(int)use.Number] is { } ledger)
            Confirm(ledger, messages);
        else
            Complain($"{use} was confirmed, which Realtime never is");
    }

    public void OnEnded(FlowUse use, in TransportEvent end)
    {
        Tell($"{use}: {end.Kind} {end.Reason} with {end.Messages} confirmed");
        if (_streams[(int)use.Number] is not { } ledger)
        {
            var realtime = _realtime[(int)use.Number]!;
            if (end.Kind == TransportEventKind.FlowBroken && !IsByRemoval(use, realtime.OpenedAt, end.Reason))
                Complain($"{use} broke: {end.Reason}");
            realtime.End();
            return;
        }

        Confirm(ledger, end.Messages);
        _outstanding -= ledger.Outstanding;
        if (end.Kind == TransportEventKind.FlowClosed && ledger.Outstanding > 0)
            Complain($"{ledger} was closed before all was confirmed");
        ledger.End();
        if (end.Kind != TransportEventKind.FlowBroken)
            return;
        Tally.FlowsBroken++;
        if (IsByRemoval(use, ledger.OpenedAt, end.Reason))
            return;
        if (end.Reason != FlowEndReason.Restarted)
            Complain($"{ledger} broke: {end.Reason}");
        else if (_startedAt[use.Flow.To] < ledger.OpenedAt)
            Complain($"{ledger} broke as if its destination had restarted, which it last did at {_startedAt[use.Flow.To]}");
    }

    public SwarmFlow? OnDelivered(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        if (flow.Number > int.MaxValue)
        {
            if (serviceClass == ServiceClass.Realtime)
                Multicasts.Realtime.OnDelivered(place, life, flow, payload);
            else
                Multicasts.OnDelivered(place, life, flow, serviceClass, number, payload);
            return null;
        }

        if (serviceClass == ServiceClass.Realtime)
            return OnRealtime(place, life, flow, payload);

        if (!_inbound.TryGetValue((place, life, flow), out var ledger))
        {
            ledger = FindBeginning(place, life, flow, serviceClass, number, payload);
            if (ledger is null)
                return null;
            _inbound.Add((place, life, flow), ledger);
        }

        Tally.StreamsDelivered++;
        Tally.StreamBytesDelivered += payload.Length;
        if (_removals.Check(now(), ledger.Use, ledger.OpenedAt, ledger.BeganAt(life)) is { } unwanted)
            Complain(unwanted);
        if (ledger.Deliver(life, number, payload.Length) is { } wrong)
            Complain($"{wrong} (n{place + 1}, {life}, {flow})");
        else if (!IsContent(payload, ledger.Use, number))
            Complain($"{ledger.Use}: message {number} of {payload.Length} bytes came changed");
        return ledger.Use.Flow;
    }

    public void OnInboundEnded(int place, BootEpoch life, FlowId flow, FlowEndReason reason)
    {
        Tell($"n{place + 1}({life}): inbound {flow} ended: {reason}");
        var origin = flow.Origin.Value - 1;
        // A destination that has restarted itself may take a late opening packet for a new flow, until the origin, bound to
        // the life before, shows that there is none.
        if (reason == FlowEndReason.Restarted && _lives[origin] <= flow.Epoch && life.Value == 1)
            Complain($"n{place + 1}({life}) ended {flow} as if its origin had restarted");
        else if (reason == FlowEndReason.Revoked && _removals.HasRemoved(place, origin, _startedAt[place]))
            return;
        else if (reason == FlowEndReason.Rejected && flow.Number > int.MaxValue && life.Value > 1)
            Tell("what a late packet had opened was no begin of the flow");
        else if (reason is not (FlowEndReason.Restarted or FlowEndReason.Closed) && (reason != FlowEndReason.Idle || _inbound.ContainsKey((place, life, flow))))
            Complain($"n{place + 1}({life}) ended {flow}: {reason}");
    }

    public void OnLink(int place, in NodeEvent happened)
    {
        Links.OnLink(now(), place, happened);
        switch (happened.Kind)
        {
            case NodeEventKind.LinkUp:
                Tally.LinksUp++;
                break;
            case NodeEventKind.LinkDown:
                Tally.LinksDown++;
                break;
            case NodeEventKind.ClientUp:
                Tally.ClientsUp++;
                _clientLinks[place]++;
                break;
            default:
                if (--_clientLinks[place] < 0)
                    Complain($"n{place + 1} says that a link of client {happened.Client} is gone, and had not said that it stood");
                break;
        }

        Tell($"n{place + 1}: {happened.Kind} {(happened.Peer.IsNone ? happened.Client : happened.Peer)} {happened.Reason}");
    }

    public void OnClientDelivered(int client, bool isUp, ServiceClass serviceClass, ReadOnlySpan<byte> payload)
    {
        Tally.ClientMessagesDelivered++;
        Clients.OnDelivered(client, isUp, serviceClass, payload);
    }

    public void OnRemoved(int place, int other)
    {
        Tally.MembersRemoved++;
        _removals.OnRemoved(now(), place, other);
    }

    public void OnDied(int place, BootEpoch life)
    {
        Tell($"n{place + 1}({life}) is gone");
        Links.OnDied(now(), place);
        foreach (var ledger in Streams.Where(ledger => ledger.Use.Flow.From == place && !ledger.IsEnded))
        {
            _outstanding -= ledger.Outstanding;
            ledger.End();
        }

        Multicasts.OnDied(place);
        Clients.OnEdgeDied(place);
        foreach (var ledger in Realtime.Where(ledger => ledger.Use.Flow.From == place))
            ledger.End();
    }

    public void Complain(string what)
    {
        Tell($"WRONG: {what}");
        Failure ??= new SwarmFailure(plan.Seed, plan.Edition, now(), what);
    }

    public void Tell(string what) => story?.Tell(now(), what);

    private void Confirm(StreamLedger ledger, ulong messages)
    {
        var before = ledger.Outstanding;
        if (ledger.Confirm(messages) is { } wrong)
            Complain(wrong);
        _outstanding += ledger.Outstanding - before;
    }

    private SwarmFlow? OnRealtime(int place, BootEpoch life, FlowId flow, ReadOnlySpan<byte> payload)
    {
        if (!SwarmContent.TryReadRealtime(payload, out var use, out var number) || use >= _realtime.Count || _realtime[(int)use] is not { } ledger
            || !Matches(ledger.Use, place, flow, ServiceClass.Realtime))
        {
            Complain($"n{place + 1} got a Realtime message of {payload.Length} bytes from {flow} that nobody sent it");
            return null;
        }

        Tally.RealtimeDelivered++;
        if (_removals.Check(now(), ledger.Use, ledger.OpenedAt, ledger.LastAt(_lives[place])) is { } unwanted)
            Complain(unwanted);
        if (ledger.Deliver(now(), life, number, payload.Length, () => ErrorOfYoungLinks(ledger.Use.Flow)) is { } wrong)
            Complain(wrong);
        else if (!IsContent(payload, ledger.Use, number))
            Complain($"{ledger.Use}: message {number} of {payload.Length} bytes came changed");
        return ledger.Use.Flow;
    }

    /// <summary>
    /// A deadline is right to within half the smallest round trip that a link has seen, and a young link may have seen none that did not
    /// wait in a full queue.
    /// </summary>
    private Duration ErrorOfYoungLinks(SwarmFlow flow)
    {
        var ways = Detours.Of(plan, flow.From, flow.To).Concat(plan.RoutesOf(flow));
        return ways.Any(way => Links.IsYoung(now(), way)) ? SwarmLimits.LongestQueue : Duration.Zero;
    }

    /// <summary>The flow's use that a life's first message of an unknown flow names; null, and said, where none fits.</summary>
    private StreamLedger? FindBeginning(
        int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        if (number != 1)
            Complain($"n{place + 1}({life}): {flow} begins with message {number}");
        else if (!SwarmContent.TryReadUse(payload, out var use) || use >= _streams.Count || _streams[(int)use] is not { } ledger
            || !Matches(ledger.Use, place, flow, serviceClass))
            Complain($"n{place + 1}({life}) got a {serviceClass} message of {payload.Length} bytes from {flow} that nobody sent it");
        else if (ledger.Begin(now(), life, flow) is { } wrong)
            Complain(wrong);
        else
            return ledger;
        return null;
    }

    /// <summary>The origin was told that its destination is no member, or the destination that the origin is none.</summary>
    private bool IsByRemoval(FlowUse use, MonoTime openedAt, FlowEndReason reason) => reason switch
    {
        FlowEndReason.Revoked => _removals.HasRemoved(use.Flow.From, use.Flow.To, openedAt),
        FlowEndReason.Forgotten => _removals.HasRemoved(use.Flow.To, use.Flow.From, openedAt),
        _ => false,
    };

    private static bool Matches(FlowUse use, int place, FlowId flow, ServiceClass serviceClass) =>
        use.Flow.To == place && use.Flow.Class == serviceClass && SwarmPlan.IdOf(use.Flow.From) == flow.Origin && use.Life == flow.Epoch;

    private bool IsContent(ReadOnlySpan<byte> payload, FlowUse use, ulong number)
    {
        if (_expected.Length < payload.Length)
            Array.Resize(ref _expected, payload.Length * 2);
        var expected = _expected.AsSpan(0, payload.Length);
        SwarmContent.Fill(expected, use.Flow, use.Number, number);
        return payload.SequenceEqual(expected);
    }
}
