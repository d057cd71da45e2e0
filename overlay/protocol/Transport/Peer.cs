using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What the transport remembers of another node: its latest life, the flows in both directions, and the answers that
/// wait for it. Never forgotten, as the latest life is what keeps an earlier one's packets out; there are at most as
/// many as node numbers. As a transmit item it sends the answers.
/// </summary>
internal sealed class Peer : TransmitItem
{
    private readonly TransportShared _shared;
    private readonly List<Lane> _lanes = [];
    private readonly Queue<StreamSender> _unanswered = new();
    private ResetPacket[]? _resets;
    private int _resetHead;
    private int _resetCount;
    private int _answerBudget = TransportLimits.ResetsPerSecond;
    private MonoTime _answerBudgetSince;
    private MonoTime _multicastAnsweredAt = new(long.MinValue / 2);
    private NumberWindow _numbers;
    private NumberWindow _multicastNumbers;
    private MulticastMemberList _destinations;
    private MulticastConfirmer? _confirmer;
    private RouteTokens _routes;
    private PathSelector? _paths;
    private PathReporter? _reporter;
    private RealtimeTally? _realtime;
    private Queue<OutboundFlow>? _blocked;
    private List<EndNotice>? _notices;
    private FlowList _outbound;
    private FlowList _inbound;
    private FlowList _lingering;

    public Peer(TransportShared shared, NodeId id)
        : base(new Lane(id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, new PathWindow(shared.Counters)))
    {
        _shared = shared;
        Id = id;
        Lane.Users++;
    }

    public NodeId Id { get; }

    /// <summary>The greatest life that any packet of the node has shown.</summary>
    public BootEpoch Life { get; set; }

    public uint NextFlowNumber { get; set; }

    /// <summary>The node was taken out of the membership: until then copies of its Realtime packets to many may still be under way.</summary>
    public MonoTime BarredUntil { get; private set; }

    /// <summary>The last estimate of a flow to this node, for the next flow to start from.</summary>
    public RttEstimator Rtt { get; set; }

    /// <summary>Flows from the node that take a place in the table, ended ones that the application was not told of included.</summary>
    public int InboundCount { get; set; }

    /// <summary>Flows to the node that have ended, and whose application was not told.</summary>
    public int UntoldEnds { get; set; }

    public long ReceiveBytes { get; set; }

    public long AheadBytes { get; set; }

    public long JoinBytes { get; set; }

    public int JoinCount { get; set; }

    /// <summary>Segments held for the node, by all flows to it.</summary>
    public int SendPlaces { get; set; }

    /// <summary>Which routes to the node there are.</summary>
    public RouteTokens Routes => _routes;

    /// <summary>What chooses the routes of this node's Realtime flows to the node.</summary>
    public PathSelector Paths => _paths ??= new PathSelector(_shared, this);

    /// <summary>What tells the node how its Realtime packets arrive.</summary>
    public PathReporter Reporter => _reporter ??= new PathReporter(_shared, this);

    /// <summary>Flow numbers of <see cref="Life"/> that were decided here.</summary>
    public ref NumberWindow Numbers => ref _numbers;

    /// <summary>Numbers of multicast flows of <see cref="Life"/> that were decided here.</summary>
    public ref NumberWindow MulticastNumbers => ref _multicastNumbers;

    /// <summary>Multicast flows of this node that have the peer for a destination.</summary>
    public ref MulticastMemberList Destinations => ref _destinations;

    /// <summary>What tells the peer how far its multicast flows came here.</summary>
    public MulticastConfirmer Confirmer => _confirmer ??= new MulticastConfirmer(_shared, this);

    /// <summary>What is counted of Realtime packets between the two.</summary>
    public RealtimeTally Realtime => _realtime ??= new RealtimeTally();

    public ref FlowList Outbound => ref _outbound;

    public ref FlowList Inbound => ref _inbound;

    /// <summary>Flows from the node that have ended, and of which the application has not taken every message.</summary>
    public ref FlowList Lingering => ref _lingering;

    /// <summary>What seals all that goes to the node; null where nothing does. See <see cref="SetSealing"/>.</summary>
    public SealingItem? Sealing { get; private set; }

    /// <summary>Why nothing was heard of the node for too long.</summary>
    public FlowEndReason SilenceReason => Sealing is { LacksSession: true } ? FlowEndReason.NotSealed : FlowEndReason.Unreachable;

    public override bool WantsToSend => _resetCount > 0;

    /// <summary>Flows to the node wait until its share of the send memory is not spent any more.</summary>
    public bool HasBlocked => _blocked is { Count: > 0 };

    public void Bar(MonoTime now) => BarredUntil = now + TransportLimits.RealtimeBar;

    public void Add(EndNotice notice)
    {
        _notices ??= [];
        _notices.Add(notice);
    }

    public void Remove(EndNotice notice) => _notices?.Remove(notice);

    /// <summary>The first hop to the node has room again.</summary>
    public void Reopen()
    {
        _shared.Scheduler.Reopen(Lane);
        foreach (var lane in _lanes)
            _shared.Scheduler.Reopen(lane);
    }

    /// <summary>
    /// The node is out of reach for good, and nothing more is to be told it. What arrived whole is still handed out, that of
    /// paused flows too: who paused them is gone for them as well.
    /// </summary>
    public void Leave()
    {
        _resetCount = 0;
        _blocked = null;
        while (_notices is { Count: > 0 })
            _notices[^1].Stop();
        for (var flow = _lingering.First; flow is not null; flow = flow.NextOfPeer)
            (flow as InboundFlow)?.SetPaused(false);
    }

    public void Block(OutboundFlow flow)
    {
        if (flow.IsBlocked)
            return;
        flow.IsBlocked = true;
        _blocked ??= new Queue<OutboundFlow>();
        _blocked.Enqueue(flow);
    }

    public void WakeBlocked()
    {
        while (_blocked is not null && _blocked.TryDequeue(out var flow))
        {
            flow.IsBlocked = false;
            flow.RaiseWritable();
        }
    }

    public void SetSealing(SealingItem? sealing)
    {
        Sealing = sealing;
        Lane.Sealing = sealing;
        foreach (var lane in _lanes)
            lane.Sealing = sealing;
    }

    /// <summary>What is counted of Realtime packets between the two; null where there were none.</summary>
    public PairStatus? StatusOf(MonoTime now)
    {
        if (_realtime is not { } counted)
            return null;
        var delay = _paths?.StatusOf(now, _paths.Current) is { IsKnown: true } path ? path.Delay : Duration.Zero;
        return new(Id, counted.Offered, counted.Sent, counted.Expected, counted.InTime, counted.Late, counted.Delivered, delay);
    }

    /// <summary>There is another route of this token, or none any more.</summary>
    public void SetRoute(int token, bool exists, ulong way)
    {
        _routes.Set(token, exists, way);
        _paths?.Forget(token);
    }

    /// <summary>The lane of this priority; those of one class over one route share a window.</summary>
    public Lane LaneFor(int routeToken, ServiceClass serviceClass, byte priority)
    {
        PathWindow? window = null;
        foreach (var lane in _lanes)
        {
            if (lane.RouteToken != routeToken || lane.Class != serviceClass)
                continue;
            if (lane.Priority == priority)
                return lane;
            window = lane.Window;
        }

        var made = new Lane(Id, routeToken, serviceClass, priority, window ?? new PathWindow(_shared.Counters)) { Sealing = Sealing };
        made.Window.Lanes.Add(made);
        _lanes.Add(made);
        return made;
    }

    public void LeaveLane(Lane lane)
    {
        if (--lane.Users > 0)
            return;
        _lanes.Remove(lane);
        lane.Window.Lanes.Remove(lane);
    }

    /// <summary>
    /// Takes the number for a new flow. False while the oldest flow that the node has not answered lies a window back:
    /// going on would have the node refuse that one's first packet.
    /// </summary>
    public bool TryTakeNumber(StreamSender flow, out uint number)
    {
        while (_unanswered.TryPeek(out var oldest) && !oldest.IsUnanswered)
            _unanswered.Dequeue();
        number = NextFlowNumber;
        if (_unanswered.TryPeek(out var first) && number - first.Number >= TransportLimits.FlowNumberWindow)
            return false;
        _unanswered.Enqueue(flow);
        NextFlowNumber++;
        return true;
    }

    public void AddSample(Duration roundTrip)
    {
        var rtt = Rtt;
        rtt.Add(roundTrip);
        Rtt = rtt;
    }

    /// <summary>Whether what came by multicast in the node's name may be answered, as nothing of the kind was for a while.</summary>
    public bool MayAnswerMulticast(MonoTime now)
    {
        if (now - _multicastAnsweredAt < MulticastLimits.AnswerPause)
            return false;
        _multicastAnsweredAt = now;
        return true;
    }

    /// <summary>Tells the node that a flow is not known, refused or over, within a budget: a peer can make us answer, not flood.</summary>
    public void Answer(MonoTime now, in ResetPacket reset)
    {
        if (now - _answerBudgetSince >= Duration.FromSeconds(1))
        {
            _answerBudget = TransportLimits.ResetsPerSecond;
            _answerBudgetSince = now;
        }

        if (_answerBudget == 0 || _resetCount == TransportLimits.ResetsPerPeer)
        {
            _shared.Counters.Drop(TransportDrop.AnswerBudget);
            return;
        }

        _answerBudget--;
        _resets ??= new ResetPacket[TransportLimits.ResetsPerPeer];
        _resets[(_resetHead + _resetCount++) % TransportLimits.ResetsPerPeer] = reset;
        _shared.Scheduler.Wake(this);
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        length = 0;
        if (_resetCount == 0)
            return false;
        var writer = new WireWriter(buffer);
        _resets![_resetHead].Write(ref writer);
        _resetHead = (_resetHead + 1) % TransportLimits.ResetsPerPeer;
        _resetCount--;
        length = writer.Length;
        _shared.Counters.ResetsSent++;
        return true;
    }

    public override void HandleTimeout(MonoTime now)
    {
    }
}
