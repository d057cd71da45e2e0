using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;
using WeCan.Lab.Wan;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>
/// Desks of edges in virtual time, over flows that are reliable but slow, with partitions, crashes, broken flows and memberships that reach one edge later than another.
/// At each publish that a desk calls in step, every subscription that was confirmed before, at an edge that still lives, must be in its audience.
/// </summary>
internal sealed class InterestWorld
{
    private readonly InterestPlan _plan;
    private readonly WanRandom _random;
    private readonly SimNames _names;
    private readonly PriorityQueue<Action, (MonoTime At, long Order)> _events = new();
    private readonly List<SimEdge> _edges = [];
    private readonly List<SimPartition> _partitions = [];
    private readonly List<NodeId> _ready = [];
    private readonly byte[] _message = new byte[InterestLimits.MaxMessage];
    private HashSet<SimEdge> _members = [];
    private ulong _membership;
    private ulong _ticket;
    private long _order;
    private MonoTime _roughUntil;

    public InterestWorld(InterestPlan plan)
    {
        _plan = plan;
        _random = new(WanRandom.Derive(plan.Seed, 7));
        _names = new(plan, _random);
        Now = MonoTime.FromSeconds(1);
        for (var index = 1; index <= plan.Edges; index++)
            _edges.Add(new(new((ushort)(index * 7))) { ClockOffset = Duration.FromSeconds(_random.Next(1_000_000)) });
        _members = [.. _edges.Take(plan.Members)];
        _membership = 1;
        foreach (var edge in _members)
            Start(edge);
    }

    public MonoTime Now { get; private set; }

    public IReadOnlyCollection<SimEdge> Members => _members;

    public InterestTally Tally { get; } = new();

    /// <summary>What went wrong, to read beside a failure.</summary>
    public List<string> Story { get; } = [];

    public void Run()
    {
        foreach (var edge in _members)
        {
            for (var count = _plan.Prepared; count > 0; count--)
                Subscribe(edge, _names.Pattern());
        }

        for (var step = 0; step < _plan.Steps; step++)
        {
            Advance(Duration.FromMilliseconds(_plan.Pause.Milliseconds * 2 * _random.Uniform()));
            Trouble();
            Act();
        }

        Calm();
        InterestEnd.RequireAllConfirmed(this);
        foreach (var edge in _members)
        {
            foreach (var subscription in edge.Subscriptions.Values.ToList())
                Unsubscribe(edge, subscription);
        }

        Advance(InterestLimits.SliceUnused + Duration.FromSeconds(15));
        InterestEnd.RequireNothing(this);
    }

    public void Advance(Duration duration)
    {
        var until = Now + duration;
        while (_events.TryPeek(out var act, out var key) && key.At <= until)
        {
            _events.Dequeue();
            Now = MonoTime.Max(Now, key.At);
            act();
        }

        Now = until;
    }

    public SimSubscription Subscribe(SimEdge edge, byte[] pattern)
    {
        var subscription = new SimSubscription(++_ticket, pattern, Now);
        edge.Subscriptions.Add(subscription.Ticket, subscription);
        edge.Desk!.Subscribe(Clock(edge), pattern, subscription.Ticket);
        Tally.Subscribed++;
        Pump(edge);
        return subscription;
    }

    public void Unsubscribe(SimEdge edge, SimSubscription subscription)
    {
        edge.Subscriptions.Remove(subscription.Ticket);
        edge.Desk!.Unsubscribe(Clock(edge), subscription.Pattern, subscription.Ticket);
        Pump(edge);
    }

    public void Publish(SimEdge edge, byte[] subject)
    {
        Tally.Published++;
        if (!TryPublish(edge, subject))
        {
            Tally.Held++;
            edge.Held.Add(subject);
        }

        Pump(edge);
    }

    private void Act()
    {
        if (_edges.Where(edge => edge.IsUp).ToList() is not { Count: > 0 } up)
            return;
        var edge = up[_random.Next(up.Count)];
        var what = _random.Next(100);
        if (what < _plan.Subscribes)
            Subscribe(edge, _names.Pattern());
        else if (what < _plan.Subscribes + _plan.Unsubscribes && edge.Subscriptions.Count > 0)
            Unsubscribe(edge, edge.Subscriptions.Values.ElementAt(_random.Next(edge.Subscriptions.Count)));
        else
            Publish(edge, _names.Subject());
    }

    private void Trouble()
    {
        var what = _random.Next(1_000);
        if (what < _plan.Crashes)
        {
            var up = _edges.Where(edge => edge.IsUp).ToList();
            if (up.Count > 0)
                Crash(up[_random.Next(up.Count)], Duration.FromMilliseconds(_random.Next(3) == 0 ? 9_000 * _random.Uniform() : 300 * _random.Uniform()));
        }
        else if ((what -= _plan.Crashes) < _plan.Partitions)
        {
            var length = Duration.FromMilliseconds(_plan.LongestPartition.Milliseconds * _random.Uniform());
            if (_plan.IsHarsh || !IsRough)
                Part(_edges.Where(_ => _random.Next(2) == 0).ToHashSet(), null, length);
        }
        else if ((what -= _plan.Partitions) < _plan.Cuts)
        {
            var pair = _edges.OrderBy(_ => _random.Next(1_000)).Take(2).ToArray();
            if (!IsRough)
                Part([pair[0]], pair[1], Duration.FromMilliseconds(12_000 * _random.Uniform()));
        }
        else if ((what -= _plan.Cuts) < _plan.Breaks * (IsRough ? 4 : 1))
        {
            var from = _edges[_random.Next(_edges.Count)];
            if (from.Pipes.Count > 0)
                Break(from.Pipes.Values.ElementAt(_random.Next(from.Pipes.Count)), heard: Duration.FromMilliseconds(500 * _random.Uniform()));
        }
        else if (what - (_plan.Breaks * (IsRough ? 4 : 1)) < _plan.MembershipChanges)
        {
            ChangeMembership();
        }
    }

    /// <summary>Some are parted, or were a moment ago.</summary>
    private bool IsRough => _partitions.Exists(partition => partition.Until > Now - Duration.FromSeconds(2));

    private void Part(HashSet<SimEdge> side, SimEdge? other, Duration length)
    {
        _partitions.Add(new(side, other, Now, Now + length));
        Tally.Partitions++;
        Story.Add($"{Now} {_partitions[^1]}");
        if (_plan.IsHarsh)
            _roughUntil = MonoTime.Max(_roughUntil, Now + length + Duration.FromSeconds(12));
    }

    private void Crash(SimEdge edge, Duration down)
    {
        Tally.Crashes++;
        Story.Add($"{Now} {edge} crashes for {down}");
        Stop(edge);
        var life = edge.Life;
        At(Now + down, () =>
        {
            if (edge.Life == life && !edge.IsUp && _members.Contains(edge))
                Start(edge);
        });
    }

    /// <summary>Its own flows still bring some of what is on its way; flows to it break, and their makers hear of it at some time.</summary>
    private void Stop(SimEdge edge)
    {
        edge.Desk = null;
        edge.Subscriptions.Clear();
        edge.Held.Clear();
        foreach (var pipe in edge.Pipes.Values)
            pipe.Cut(_random.Next(4));
        edge.Pipes.Clear();
        foreach (var pipe in _edges.SelectMany(other => other.Pipes.Values).Where(pipe => pipe.To == edge).ToList())
            Break(pipe, Duration.FromMilliseconds(100 + (1_400 * _random.Uniform())));
    }

    private void Start(SimEdge edge)
    {
        edge.Life++;
        edge.StartedAt = Now;
        edge.ClockOffset = Duration.FromSeconds(_random.Next(1_000_000)) - (Now - MonoTime.Zero);
        edge.Wakes = MonoTime.Never;
        edge.Desk = new(edge.Id, new((uint)edge.Life + 100), _random.NextUInt64());
        edge.Membership = 0;
        Adopt(edge, _membership);
    }

    private void ChangeMembership()
    {
        var edge = _edges[_random.Next(_edges.Count)];
        var isMember = _members.Contains(edge);
        if (isMember && _members.Count <= 2)
            return;
        _members = isMember ? [.. _members.Except([edge])] : [.. _members, edge];
        _membership++;
        Tally.MembershipChanges++;
        if (isMember)
            Stop(edge);
        else
            Start(edge);
        var version = _membership;
        foreach (var other in _edges.Where(other => other.IsUp))
            At(Now + Duration.FromMilliseconds(1_500 * _random.Uniform()), () => Adopt(other, version));
    }

    private void Adopt(SimEdge edge, ulong version)
    {
        if (!edge.IsUp || version <= edge.Membership || version != _membership)
            return;
        edge.Membership = version;
        Story.Add($"{Now} {edge} adopts {version}: {string.Join(' ', _members)}");
        edge.Desk!.SetMembership(Clock(edge), version, _members.Select(member => member.Id).ToArray());
        Pump(edge);
    }

    private void Break(SimPipe pipe, Duration heard)
    {
        if (pipe.IsBroken)
            return;
        Tally.Breaks++;
        Story.Add($"{Now} the flow of {pipe.From} to {pipe.To} breaks, heard after {heard}");
        pipe.IsBroken = true;
        pipe.Cut(_random.Next(4));
        var life = pipe.From.Life;
        At(Now + heard, () =>
        {
            if (!pipe.From.IsUp || pipe.From.Life != life || pipe.From.Pipes.GetValueOrDefault(pipe.To) != pipe)
                return;
            pipe.From.Pipes.Remove(pipe.To);
            pipe.From.Desk!.FlowBroken(Clock(pipe.From), pipe.To.Id);
            Pump(pipe.From);
        });
    }

    private MonoTime Clock(SimEdge edge) => Now + edge.ClockOffset;

    private void At(MonoTime at, Action act) => _events.Enqueue(act, (at, _order++));

    /// <summary>What the host of a desk does at the end of each turn.</summary>
    private void Pump(SimEdge edge)
    {
        if (edge.Desk is not { } desk)
            return;
        while (desk.TryTakeConfirmed(out var ticket))
        {
            if (!edge.Subscriptions.TryGetValue(ticket, out var subscription))
                continue;
            subscription.ConfirmedAt = Now;
            Tally.Confirmed++;
            Tally.SlowestConfirmation = Math.Max(Tally.SlowestConfirmation, (Now - subscription.Since).Seconds);
        }

        while (desk.TakeArrivals())
            edge.Held.RemoveAll(subject => TryPublish(edge, subject));
        _ready.Clear();
        desk.TakeReady(_ready);
        foreach (var id in _ready)
            Send(edge, _edges.Find(other => other.Id == id)!);
        Wake(edge);
    }

    private void Send(SimEdge edge, SimEdge to)
    {
        if (!edge.Pipes.TryGetValue(to, out var pipe))
            edge.Pipes.Add(to, pipe = new(edge, to));
        while (pipe.HasRoom && edge.Desk!.Take(Clock(edge), to.Id, _message) is > 0 and var length)
        {
            // What goes into a flow that is broken, and not known to be, goes nowhere.
            Tally.Messages++;
            Tally.Bytes += length;
            if (!pipe.IsBroken)
                At(pipe.Add(Now + Delay(), _message[..length]), () => Deliver(pipe));
        }
    }

    private Duration Delay() => _random.Next(_plan.SlowOneIn) == 0
        ? Duration.FromMilliseconds(1_000 * _random.Uniform())
        : Duration.FromMilliseconds(0.05 + (_plan.LongestDelay.Milliseconds * _random.Uniform()));

    private void Deliver(SimPipe pipe)
    {
        if (pipe.IsEmpty || pipe.Next > Now)
            return;
        _partitions.RemoveAll(partition => partition.Until + Duration.FromSeconds(5) < Now);
        if (_partitions.Find(partition => partition.Until > Now && partition.Parts(pipe.From.Id, pipe.To.Id)) is { } between)
        {
            At(MonoTime.Min(between.Until, Now + Duration.FromMilliseconds(200)) + Delay(), () => Deliver(pipe));
            return;
        }

        if (pipe.ToLife == 0)
            pipe.ToLife = pipe.To.Life;
        if (!pipe.To.IsUp || pipe.ToLife != pipe.To.Life)
        {
            Break(pipe, Duration.FromMilliseconds(1_000 * _random.Uniform()));
            return;
        }

        var message = pipe.Take();
        if (!pipe.To.Desk!.TryHandle(Clock(pipe.To), pipe.From.Id, message))
            throw new InterestFailureException($"{pipe.To} does not understand {pipe.From}.");
        Pump(pipe.To);
        if (!pipe.IsEmpty)
            At(MonoTime.Max(Now, pipe.Next), () => Deliver(pipe));
        if (pipe.From.IsUp && pipe.From.Pipes.GetValueOrDefault(pipe.To) == pipe)
        {
            Send(pipe.From, pipe.To);
            Wake(pipe.From);
        }
    }

    private void Wake(SimEdge edge)
    {
        var next = edge.Desk!.NextTimeout;
        if (next.IsNever)
            return;
        var at = MonoTime.Max(Now, next - edge.ClockOffset);
        if (edge.Wakes <= at && edge.Wakes >= Now)
            return;
        edge.Wakes = at;
        var life = edge.Life;
        At(at, () =>
        {
            if (!edge.IsUp || edge.Life != life || edge.Wakes != Now)
                return;
            edge.Wakes = MonoTime.Never;
            Tally.Wakes++;
            edge.Desk!.HandleTimeout(Clock(edge));
            Pump(edge);
        });
    }

    private bool TryPublish(SimEdge edge, byte[] subject)
    {
        if (!edge.Desk!.TryMatch(Clock(edge), subject, out var audience))
            return false;
        if (edge.Membership != _membership)
            Tally.Behind++;
        if (_plan.IsHarsh && Now < _roughUntil)
            return true;
        var isExcepted = SimPartition.WereParted(_partitions, PairOf(subject));
        foreach (var other in _edges)
        {
            if (other == edge || !other.IsUp)
                continue;
            var missed = other.Subscriptions.Values.FirstOrDefault(one =>
                one.ConfirmedAt <= Now && PatternRules.Matches(one.Pattern, subject) && !(isExcepted && !other.Desk!.IsConfirmedByBoth(one.Pattern)));
            if (missed is null)
                continue;
            Tally.Checked++;
            if (!audience.Contains(other.Id))
                throw new InterestFailureException($"At {Now} {edge} publishes {SimNames.Text(subject)} past {other}, whose {SimNames.Text(missed.Pattern)} was confirmed at {missed.ConfirmedAt}. Homes: {PairOf(subject)}");
        }

        return true;
    }

    private HomePair PairOf(byte[] subject) => HomePair.Of(SubjectRules.SpaceOf(subject), _members.Select(member => member.Id).ToArray());

    /// <summary>No trouble any more, for as long as all may take to be well again.</summary>
    private void Calm()
    {
        _partitions.Clear();
        foreach (var edge in _members.Where(edge => !edge.IsUp))
            Start(edge);
        foreach (var edge in _members)
            Adopt(edge, _membership);
        Advance(Duration.FromSeconds(14));
    }
}
